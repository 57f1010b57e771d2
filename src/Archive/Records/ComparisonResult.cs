using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What comparing one output gave, the best first: a replay accepts what is as good as it asks for.</summary>
public enum ComparisonResult
{
    [JsonStringEnumMemberName("identical")]
    Identical,

    /// <summary>Other bytes, but what they say is the same: other times in a container, another order of members.</summary>
    [JsonStringEnumMemberName("same-content")]
    SameContent,

    /// <summary>Numbers differ by no more than was allowed; all else is the same.</summary>
    [JsonStringEnumMemberName("within-tolerance")]
    WithinTolerance,

    [JsonStringEnumMemberName("differs")]
    Differs,

    [JsonStringEnumMemberName("missing")]
    Missing,

    [JsonStringEnumMemberName("unexpected")]
    Unexpected,

    [JsonStringEnumMemberName("not-comparable")]
    NotComparable,
}
