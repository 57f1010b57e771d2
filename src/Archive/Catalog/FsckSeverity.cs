namespace Provenance.Archive.Catalog;

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
