using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What a replay was made for.</summary>
public enum ReplayPurpose
{
    /// <summary>To see whether the results come out again.</summary>
    [JsonStringEnumMemberName("replication")]
    Replication,

    /// <summary>Right after the run, on the same machine, by the same person: to see how much the results vary by themselves.</summary>
    [JsonStringEnumMemberName("noise-floor")]
    NoiseFloor,
}
