using Dapper;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Brings a catalog from the size of the log that it holds to the size the log has.</summary>
internal sealed class CatalogUpdater(BlobStore blobs, TransparencyLog log)
{
    /// <summary>Entries in one transaction.</summary>
    private const int BatchEntries = 1000;

    /// <exception cref="CatalogException">The catalog is of another log than this one.</exception>
    public void CatchUp(CatalogDatabase catalog, IProgress<long>? progress, CancellationToken cancellation)
    {
        var state = catalog.State();
        var checkpoint = log.FindCheckpoint();
        long size = checkpoint?.Tree.Size ?? 0;
        CheckLog(state, size);
        for (long from = state.LogSize; from < size; from += BatchEntries)
        {
            cancellation.ThrowIfCancellationRequested();
            long to = Math.Min(size, from + BatchEntries);
            Apply(catalog, from, to, to == size ? checkpoint!.Tree : new TreeHead(to, log.RootAt(to)));
            progress?.Report(to);
        }
    }

    /// <summary>Adds records that are not in the log, as if they followed its last entry. For a catalog in memory only.</summary>
    public void ApplyPending(CatalogDatabase catalog, long from, IEnumerable<byte[]> entries)
    {
        using var transaction = catalog.Connection.BeginTransaction();
        var writer = new CatalogWriter(transaction, blobs);
        foreach (byte[] entry in entries)
        {
            writer.Apply(from++, entry);
        }

        transaction.Commit();
    }

    /// <summary>Whether the catalog knows the record, be it only as one that could not be read.</summary>
    public static bool Knows(CatalogDatabase catalog, Digest record)
    {
        var digest = SqlBlob.Of(record);
        return catalog.Connection.ExecuteScalar<long>(
            """
            select exists (select 1 from records where digest = @digest)
              or exists (select 1 from problems where digest = @digest)
            """,
            new { digest }) != 0;
    }

    private void Apply(CatalogDatabase catalog, long from, long to, TreeHead head)
    {
        using var transaction = catalog.Connection.BeginTransaction();
        var writer = new CatalogWriter(transaction, blobs);
        foreach (byte[] entry in log.Entries(from, to))
        {
            writer.Apply(from++, entry);
        }

        writer.SetState(head);
        transaction.Commit();
    }

    private void CheckLog(CatalogState state, long size)
    {
        if (state.LogSize > size)
        {
            throw new CatalogException(
                $"catalog: holds {state.LogSize} entries of a log that has {size}; 'prov archive reindex' makes it anew");
        }

        if (!log.RootAt(state.LogSize).AsSpan().SequenceEqual(state.LogRoot))
        {
            throw new CatalogException("catalog: is of another log; 'prov archive reindex' makes it anew");
        }
    }
}
