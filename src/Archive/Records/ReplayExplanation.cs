namespace Provenance.Archive.Records;

/// <summary>What was tried to learn why results differ, and what follows.</summary>
public sealed record ReplayExplanation
{
    public required IReadOnlyList<ReplayTrial> Trials { get; init; }

    /// <summary>One sentence for each output that differed.</summary>
    public required IReadOnlyList<string> Conclusions { get; init; }
}
