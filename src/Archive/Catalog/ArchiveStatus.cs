using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

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

    /// <summary>Entries of the log.</summary>
    public required long LogSize { get; init; }

    public required long LogBytes { get; init; }

    /// <summary>Records acknowledged and not yet in the log.</summary>
    public required long Incoming { get; init; }

    public required long CatalogBytes { get; init; }

    /// <summary>Deleting the cache loses nothing. Files that unpacked images share by hard link are counted once for each name.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>Counts anew; nothing is kept.</summary>
    public static ArchiveStatus Read(BlobStore blobs, FolderSync sync)
    {
        var layout = blobs.Layout;
        using var finder = RecordFinder.Open(blobs, sync);
        var (count, bytes) = Measure(layout.Blobs);
        return new ArchiveStatus
        {
            Root = layout.Root,
            Blobs = count,
            BlobBytes = bytes,
            Images = finder.Count(RecordKind.Image),
            Runs = finder.Count(RecordKind.Run),
            Replays = finder.Count(RecordKind.Replay),
            LogSize = new TransparencyLog(layout, sync).Size,
            LogBytes = Measure(layout.Log).Bytes,
            Incoming = new IncomingRecords(layout, sync).List().Count,
            CatalogBytes = new FileInfo(layout.CatalogDatabase) is { Exists: true } catalog ? catalog.Length : 0,
            CacheBytes = Measure(layout.Cache).Bytes,
        };
    }

    private static (long Count, long Bytes) Measure(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return (0, 0);
        }

        // Unpacked images hold folders nobody may read; links are not followed, for they lead out of the archive.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        long count = 0;
        long bytes = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            count++;
            bytes += file.Length;
        }

        return (count, bytes);
    }
}
