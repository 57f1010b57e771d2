using Provenance.Archive.Content;

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

    /// <summary>Deleting the cache loses nothing.</summary>
    public required long CacheBytes { get; init; }

    public static ArchiveStatus Read(BlobStore blobs, FolderSync sync) => throw new NotImplementedException($"{blobs}{sync}");
}
