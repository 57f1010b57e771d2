using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Makes the catalog anew from the log and the blobs, puts it in the place of the old one when it is whole, and makes the proofs anew.</summary>
public sealed class Reindexer(BlobStore blobs, FolderSync sync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Companions = ["-wal", "-shm"];

    /// <param name="progress">Entries of the log that are applied.</param>
    /// <param name="cancellation">Leaves the old catalog as it is.</param>
    /// <returns>Records in the new catalog, and what could not be read.</returns>
    /// <exception cref="ArchiveException">The archive is being written by another process.</exception>
    public ReindexReport Reindex(IProgress<long>? progress, CancellationToken cancellation)
    {
        using var held = ArchiveLock.Take(blobs.Layout, Patience);
        Directory.CreateDirectory(blobs.Layout.Temporary);
        string rebuilt = Path.Combine(blobs.Layout.Temporary, TemporaryName.Next());
        try
        {
            var report = Build(rebuilt, progress, cancellation);
            Replace(rebuilt);
            KeepProofs();
            return report;
        }
        finally
        {
            Delete(rebuilt);
        }
    }

    private ReindexReport Build(string path, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var catalog = CatalogDatabase.OpenForWriting(path);
        new CatalogUpdater(blobs, new TransparencyLog(blobs.Layout, sync)).CatchUp(catalog, progress, cancellation);
        var reader = new CatalogReader(catalog.Connection, long.MaxValue);
        return new ReindexReport { Records = reader.CountRecords(), Problems = [.. reader.Problems()] };
    }

    /// <summary>What stands beside the log and follows from it: the proofs of the records, and the verifier key.</summary>
    private void KeepProofs()
    {
        if (LogKeyStore.FindVerifier(blobs.Layout) is { } key)
        {
            new LogKeyStore(blobs.Layout, sync).Publish(key);
        }

        new LogProofs(blobs.Layout, sync).RefreshAll();
    }

    /// <summary>The old one goes first, so that its -wal file never meets the new one. Killed in between there is no catalog, which heals itself.</summary>
    private void Replace(string rebuilt)
    {
        Delete(blobs.Layout.CatalogDatabase);
        File.Move(rebuilt, blobs.Layout.CatalogDatabase);
        sync(blobs.Layout.Root);
    }

    private static void Delete(string database)
    {
        File.Delete(database);
        foreach (string companion in Companions)
        {
            File.Delete(database + companion);
        }
    }
}
