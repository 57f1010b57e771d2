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

/// <summary>One thing that is not as it should be.</summary>
public sealed record FsckFinding(FsckSeverity Severity, string Subject, string Message);

/// <summary>How bad a finding is.</summary>
public enum FsckSeverity
{
    /// <summary>Harmless: a leftover of a killed writer, a record not yet sequenced.</summary>
    Note,

    /// <summary>Lost nothing, but wants repair: the catalog disagrees with the log, which <c>reindex</c> mends.</summary>
    Repairable,

    /// <summary>Something that was kept is gone or changed.</summary>
    Damage,
}
