namespace Provenance.Archive.Care;

/// <summary>What a backup came to.</summary>
public sealed record BackupReport
{
    /// <summary>The folder that is an archive now.</summary>
    public required string Root { get; init; }

    /// <summary>Blobs of the archive.</summary>
    public required long Blobs { get; init; }

    /// <summary>Those of them that the backup had not.</summary>
    public required long NewBlobs { get; init; }

    /// <summary>Sum of their sizes, in bytes.</summary>
    public required long NewBytes { get; init; }

    /// <summary>Entries of the log.</summary>
    public required long LogEntries { get; init; }

    /// <summary>Those of them that the backup had not.</summary>
    public required long NewEntries { get; init; }

    /// <summary>Records that were acknowledged and not yet in the log.</summary>
    public required int Waiting { get; init; }

    /// <summary>Files with private keys that were not copied.</summary>
    public required int KeysLeftOut { get; init; }

    /// <summary>Blobs, and seals of other archives, that could not be copied, since they are damaged here; one sentence each.</summary>
    public required IReadOnlyList<string> Damaged { get; init; }
}
