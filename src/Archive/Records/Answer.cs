using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>An answer that may be unknown.</summary>
public enum Answer
{
    [JsonStringEnumMemberName("yes")]
    Yes,

    [JsonStringEnumMemberName("no")]
    No,

    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
