using Provenance.Archive.Transparency;

namespace Provenance.Cli;

/// <summary>An audit as <c>prov log audit --json</c> prints it.</summary>
internal sealed record AuditSummary
{
    public required string Log { get; init; }

    /// <summary>The verifier key it was judged by.</summary>
    public required string Key { get; init; }

    public required AuditOutcome Outcome { get; init; }

    public required string Message { get; init; }

    /// <summary>Entries of the checkpoint that was found.</summary>
    public long? Size { get; init; }

    /// <summary>Entries of the one that was seen last; null the first time.</summary>
    public long? Seen { get; init; }

    /// <summary>Entries that were hashed.</summary>
    public required long Checked { get; init; }

    /// <summary>Names of the known witnesses that cosigned it.</summary>
    public required IReadOnlyList<string> CosignedBy { get; init; }

    /// <summary>The folder with both notes, where they contradict each other.</summary>
    public string? Evidence { get; init; }

    public static AuditSummary Of(string place, VerifierKey key, AuditReport report, string? evidence) => new()
    {
        Log = place,
        Key = key.ToString(),
        Outcome = report.Outcome,
        Message = report.Message,
        Size = report.Found?.Tree.Size,
        Seen = report.Seen?.Tree.Size,
        Checked = report.Checked,
        CosignedBy = [.. (report.Signatures?.Cosignatures ?? []).Select(by => by.Witness.Name)],
        Evidence = evidence,
    };
}
