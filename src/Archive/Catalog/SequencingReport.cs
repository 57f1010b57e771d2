namespace Provenance.Archive.Catalog;

/// <summary>What became of the records that waited in incoming/.</summary>
public sealed record SequencingReport
{
    public required SequencingOutcome Outcome { get; init; }

    /// <summary>Records added to the log.</summary>
    public required int Sequenced { get; init; }

    /// <summary>Why records still wait, one sentence each; empty when none does.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
