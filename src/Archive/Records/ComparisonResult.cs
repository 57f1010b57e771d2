using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What comparing one output gave.</summary>
public enum ComparisonResult
{
    [JsonStringEnumMemberName("identical")]
    Identical,

    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("missing")]
    Missing,

    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    [JsonStringEnumMemberName("not-comparable")]
    NotComparable,
}
