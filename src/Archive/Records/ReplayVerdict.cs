using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What became of a replay.</summary>
public enum ReplayVerdict
{
    [JsonStringEnumMemberName("reproduced")]
    Reproduced,

    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("refused")]
    Refused,
}
