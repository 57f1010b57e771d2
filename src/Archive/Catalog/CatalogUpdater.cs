using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Brings a catalog from the size of the log that it holds to the size the log has.</summary>
internal sealed class CatalogUpdater(BlobStore blobs, TransparencyLog log)
{
    /// <summary>Entries in one transaction.</summary>
    private const int BatchEntries = 1000;

    /// <summary>Entries that are read before their rows are written.</summary>
    private const int ChunkEntries = 256;

    /// <summary>Fewer are read as fast by one thread.</summary>
    private const int FewEntries = 16;

    private readonly RecordReader _reader = new(blobs);

    /// <summary>Applies what the log has and the catalog has not.</summary>
    /// <exception cref="CatalogException">The catalog is of another log than this one.</exception>
    public void CatchUp(CatalogDatabase catalog, IProgress<long>? progress, CancellationToken cancellation) =>
        CatchUp(catalog, log.Size, progress, cancellation);

    /// <summary>As the other, but only up to this size of the log.</summary>
    public void CatchUp(CatalogDatabase catalog, long size, IProgress<long>? progress, CancellationToken cancellation)
    {
        var state = catalog.State();
        CheckLog(state, size);
        for (long from = state.LogSize; from < size; from += BatchEntries)
        {
            cancellation.ThrowIfCancellationRequested();
            long to = Math.Min(size, from + BatchEntries);
            Apply(catalog, from, to);
            progress?.Report(to);
        }
    }

    /// <summary>Applies a part of the log by itself. For a catalog in memory only.</summary>
    public void ApplyTail(CatalogDatabase catalog, long from, long to)
    {
        if (from < to)
        {
            Apply(catalog, from, to);
        }
    }

    /// <summary>Adds records that are not in the log, as if they followed its last entry. For a catalog in memory only.</summary>
    public void ApplyPending(CatalogDatabase catalog, long from, IEnumerable<LogLeaf> leaves)
    {
        using var transaction = catalog.Connection.BeginTransaction();
        using var writer = new CatalogWriter(transaction, blobs);
        Apply(writer, from, leaves.Select(leaf => leaf.ToBytes()));
        transaction.Commit();
    }

    /// <summary>Applies what has just been appended to the log, when the catalog held all before it: nothing is read again.</summary>
    public void Follow(CatalogDatabase catalog, IReadOnlyList<CatalogEntry> appended)
    {
        if (appended.Count == 0)
        {
            return;
        }

        long size = log.Size;
        using var transaction = catalog.Connection.BeginTransaction();
        using var writer = new CatalogWriter(transaction, blobs);
        long index = size - appended.Count;
        foreach (var entry in appended)
        {
            writer.Apply(index++, entry);
        }

        writer.SetState(new TreeHead(size, log.RootAt(size)));
        transaction.Commit();
    }

    /// <summary>Whether the catalog knows the record, be it only as one that could not be read.</summary>
    public static bool Knows(CatalogDatabase catalog, Digest record) => KnownAmong(catalog, [record]).Count > 0;

    /// <summary>Those of the records that the catalog knows, be it only as ones that could not be read.</summary>
    public static IReadOnlySet<Digest> KnownAmong(CatalogDatabase catalog, IEnumerable<Digest> records)
    {
        var known = new HashSet<Digest>();
        using var command = catalog.Connection.CreateCommand();
        command.CommandText =
            """
            select exists (select 1 from records where digest = @digest)
              or exists (select 1 from problems where digest = @digest)
            """;
        var digest = command.Parameters.Add(new SqliteParameter { ParameterName = "@digest" });
        foreach (var record in records)
        {
            digest.Value = record.ToBytes();
            if ((long)command.ExecuteScalar()! != 0)
            {
                known.Add(record);
            }
        }

        return known;
    }

    private void Apply(CatalogDatabase catalog, long from, long to)
    {
        using var transaction = catalog.Connection.BeginTransaction();
        using var writer = new CatalogWriter(transaction, blobs);
        Apply(writer, from, log.Entries(from, to));
        writer.SetState(new TreeHead(to, log.RootAt(to)));
        transaction.Commit();
    }

    private void Apply(CatalogWriter writer, long from, IEnumerable<byte[]> entries)
    {
        foreach (var entry in entries.Chunk(ChunkEntries).SelectMany(Read))
        {
            writer.Apply(from++, entry);
        }
    }

    /// <summary>Reading, parsing and verifying takes most of the time, and goes on on all cores.</summary>
    private IReadOnlyList<CatalogEntry> Read(byte[][] entries)
    {
        // A server reads what has just come for many requests at once: none of them may wait for threads that wait for each other.
        if (entries.Length < FewEntries)
        {
            return [.. entries.Select(entry => CatalogEntry.Read(entry, _reader))];
        }

        try
        {
            return [.. entries.AsParallel().AsOrdered().Select(entry => CatalogEntry.Read(entry, _reader))];
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
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
