using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Catalog;

/// <summary>An archive in numbers.</summary>
public sealed record ArchiveStatus
{
    public required string Root { get; init; }

    public required long Blobs { get; init; }

    /// <summary>Sum of the blobs' sizes.</summary>
    public required long BlobBytes { get; init; }

    public required long Images { get; init; }

    public required long Runs { get; init; }

    public required long Replays { get; init; }

    public required long Endorsements { get; init; }

    public required long Citations { get; init; }

    /// <summary>Entries of the log.</summary>
    public required long LogSize { get; init; }

    public required long LogBytes { get; init; }

    /// <summary>Records acknowledged and not yet in the log.</summary>
    public required long Incoming { get; init; }

    public required long CatalogBytes { get; init; }

    /// <summary>Deleting the cache loses nothing. A file that unpacked images share by hard link is counted once.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>Blobs that gc removed on purpose and that records still name.</summary>
    public required long Dropped { get; init; }

    /// <summary>What the blobs may take, by config.toml; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>What must be free, by config.toml; null for no limit.</summary>
    public long? MinFreeBytes { get; init; }

    /// <summary>What is free on the archive's disk for somebody who is not root.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Counts anew; nothing is kept.</summary>
    /// <param name="blobs">The archive.</param>
    /// <param name="sync">For what the archive's readers put in order on the way.</param>
    /// <param name="cacheBytes">How much its cache takes: that takes system calls.</param>
    public static ArchiveStatus Read(BlobStore blobs, FolderSync sync, Func<long> cacheBytes)
    {
        var layout = blobs.Layout;
        using var finder = RecordFinder.Open(blobs, sync);
        var settings = ArchiveSettings.Read(layout);
        var (count, bytes) = Measure(layout.Blobs);
        return new ArchiveStatus
        {
            Root = layout.Root,
            Blobs = count,
            BlobBytes = bytes,
            Images = finder.Count(RecordKind.Image),
            Runs = finder.Count(RecordKind.Run),
            Replays = finder.Count(RecordKind.Replay),
            Endorsements = finder.Count(RecordKind.Endorsement),
            Citations = finder.Count(RecordKind.Citation),
            LogSize = new TransparencyLog(layout, sync).Size,
            LogBytes = Measure(layout.Log).Bytes,
            Incoming = new IncomingRecords(layout, sync).List().Count,
            CatalogBytes = new FileInfo(layout.CatalogDatabase) is { Exists: true } catalog ? catalog.Length : 0,
            CacheBytes = cacheBytes(),
            Dropped = new DroppedBlobs(layout).Noted.Count,
            MaxBytes = settings.MaxBytes,
            MinFreeBytes = settings.MinFreeBytes,
            FreeBytes = ArchiveQuota.FreeBytes(layout),
        };
    }

    private static (long Count, long Bytes) Measure(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return (0, 0);
        }

        long count = 0;
        long bytes = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            count++;
            bytes += file.Length;
        }

        return (count, bytes);
    }
}
