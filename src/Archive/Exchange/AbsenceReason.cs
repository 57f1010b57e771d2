using System.Text.Json.Serialization;

namespace Provenance.Archive.Exchange;

/// <summary>Why a bundle does not hold a blob.</summary>
public enum AbsenceReason
{
    /// <summary>The archive that it came from did not have it any more.</summary>
    [JsonStringEnumMemberName("dropped")]
    Dropped,

    /// <summary>The bundle was to be without the layers of images.</summary>
    [JsonStringEnumMemberName("left-out")]
    LeftOut,
}
