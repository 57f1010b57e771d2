namespace Provenance.Archive.Records;

/// <summary>One more replay that was made to learn why the first one differs.</summary>
public sealed record ReplayTrial
{
    /// <summary>What was set, in words: <c>unchanged</c>, <c>one thread</c>, <c>recorded CPU</c>, <c>fixed locale and time zone</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Variables that were set, as NAME=VALUE.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>Each output that differed in the first replay.</summary>
    public required IReadOnlyList<TrialOutput> Outputs { get; init; }

    /// <summary>Why the trial could not be made; null when it was.</summary>
    public string? Failure { get; init; }
}
