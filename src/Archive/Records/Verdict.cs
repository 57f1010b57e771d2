using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>A judgement, from best to worst.</summary>
public enum Verdict
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("warn")]
    Warn,

    [JsonStringEnumMemberName("refuse")]
    Refuse,
}
