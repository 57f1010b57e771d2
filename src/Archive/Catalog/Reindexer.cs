using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Makes the catalog anew from the log and the blobs.</summary>
public sealed class Reindexer(BlobStore blobs, FolderSync sync)
{
    /// <returns>Records in the new catalog, and what could not be read.</returns>
    /// <exception cref="ArchiveException">The archive is being written by another process.</exception>
    public ReindexReport Reindex(IProgress<long>? progress, CancellationToken cancellation) =>
        throw new NotImplementedException($"{blobs}{sync}{progress}{cancellation}");
}
