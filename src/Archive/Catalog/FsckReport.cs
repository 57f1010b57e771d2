namespace Provenance.Archive.Catalog;

/// <summary>What checking the whole archive found.</summary>
public sealed record FsckReport
{
    public required IReadOnlyList<FsckFinding> Findings { get; init; }

    /// <summary>Blobs that were read and hashed.</summary>
    public required long Blobs { get; init; }

    /// <summary>Sum of their sizes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Entries of the log that were checked.</summary>
    public required long LogEntries { get; init; }

    /// <summary>True when nothing is damaged; leftovers and records that wait do no harm.</summary>
    public bool IsSound => Findings.All(finding => finding.Severity != FsckSeverity.Damage);
}
