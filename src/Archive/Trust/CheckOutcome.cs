using System.Text.Json.Serialization;

namespace Provenance.Archive.Trust;

/// <summary>What one check of a record gave.</summary>
public enum CheckOutcome
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>What is needed to check it is missing, or it is missing itself and the policy requires it.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>There was nothing to check, or it was not asked for.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,
}
