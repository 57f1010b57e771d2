namespace Provenance.Archive.Transparency;

/// <summary>What an audit found.</summary>
public sealed record AuditReport
{
    public required AuditOutcome Outcome { get; init; }

    /// <summary>In one sentence; of a damaged log it names the file.</summary>
    public required string Message { get; init; }

    /// <summary>What was seen last time; null the first time.</summary>
    public SignedCheckpoint? Seen { get; init; }

    /// <summary>What the log shows now; null when that is no checkpoint.</summary>
    public SignedCheckpoint? Found { get; init; }

    /// <summary>Known keys that signed it.</summary>
    public CheckpointSignatures? Signatures { get; init; }

    /// <summary>The key that the log is followed by from now on, where its key has named a successor; null when it is the same.</summary>
    public VerifierKey? Successor { get; init; }

    /// <summary>Entries that were hashed.</summary>
    public long Checked { get; init; }

    /// <summary>Whether the log is not what it was, so that both notes are worth keeping: the log's key has signed both.</summary>
    public bool IsEvidence => Outcome is AuditOutcome.Forked or AuditOutcome.Rewritten or AuditOutcome.RolledBack;
}
