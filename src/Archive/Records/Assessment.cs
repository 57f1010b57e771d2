using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>Whether a run can be repeated on a host, and whether the same numbers may be expected: two questions, kept apart.</summary>
public sealed record Assessment
{
    /// <summary>The worst of the findings.</summary>
    public required Verdict Verdict { get; init; }

    public required Answer Runs { get; init; }

    public required Answer SameResults { get; init; }

    /// <summary>In the order the rules were asked; notes that are OK stand here too.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}

/// <summary>What one rule found.</summary>
public sealed record Finding
{
    /// <summary>The rule's name, such as <c>CPU-2</c>. The rules are in schema/FORMAT.md.</summary>
    public required string Rule { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Names what is required, what is present and what is missing.</summary>
    public required string Message { get; init; }

    /// <summary>Facts the finding rests on, such as the missing features, in order.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>What can be done about it; null when nothing has to be.</summary>
    public string? Remedy { get; init; }

    /// <summary>False for what <c>--force</c> cannot help: nothing could run.</summary>
    public required bool CanForce { get; init; }
}

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
