using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Reads everything again and compares: blobs with their names, log with its checkpoint, records with what they name, catalog with the log.</summary>
public sealed class Fsck(BlobStore blobs, FolderSync sync)
{
    public FsckReport Check(IProgress<FsckProgress>? progress, CancellationToken cancellation) =>
        throw new NotImplementedException($"{blobs}{sync}{progress}{cancellation}");
}
