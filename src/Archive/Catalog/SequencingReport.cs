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

/// <summary>How a try to sequence ended.</summary>
public enum SequencingOutcome
{
    /// <summary>Log and catalog hold all that could be taken.</summary>
    Done,

    /// <summary>Another process holds the lock, and will see to it.</summary>
    Busy,

    /// <summary>The archive, its lock or its catalog cannot be written; the records stay where they are safe.</summary>
    Unable,
}
