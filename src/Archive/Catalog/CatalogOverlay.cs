using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>The catalog on disk, and over it one in memory with the records that it does not hold yet.</summary>
internal sealed class CatalogOverlay : IDisposable
{
    private readonly List<CatalogDatabase> _databases = [];
    private readonly List<CatalogReader> _readers = [];

    private CatalogOverlay()
    {
    }

    /// <exception cref="CatalogException">The catalog is damaged, newer than this program, or of another log.</exception>
    public static CatalogOverlay Open(BlobStore blobs, FolderSync sync, RecordScope scope)
    {
        BringUpToDate(blobs, sync);
        var overlay = new CatalogOverlay();
        try
        {
            overlay.Fill(blobs, sync);
            CatalogCurtain.Draw(overlay._databases, scope);
            return overlay;
        }
        catch
        {
            overlay.Dispose();
            throw;
        }
    }

    /// <summary>The one on disk; null when there is none.</summary>
    public CatalogReader? OnDisk { get; private set; }

    /// <summary>The one in memory; null when there is none.</summary>
    public CatalogReader? InMemory { get; private set; }

    /// <summary>Asks the newer catalog first.</summary>
    public IEnumerable<T> Ask<T>(Func<CatalogReader, IEnumerable<T>> question) => _readers.SelectMany(question);

    /// <inheritdoc cref="RecordFinder.WithDependents"/>
    public IReadOnlyCollection<Digest> WithDependents(IReadOnlyCollection<Digest> records) => CatalogCurtain.WithDependents(_databases, records);

    public void Dispose() => _databases.ForEach(database => database.Dispose());

    private void Fill(BlobStore blobs, FolderSync sync)
    {
        // In this order: a record leaves incoming/ after it is in the catalog, and is in the catalog after it is in the log.
        var incoming = new IncomingRecords(blobs.Layout, sync);
        var waiting = incoming.List().Select(record => FindWaiting(incoming, record)).OfType<LogLeaf>().ToList();
        var onDisk = CatalogDatabase.OpenForReading(blobs.Layout.CatalogDatabase);
        if (onDisk is not null)
        {
            OnDisk = Add(onDisk, long.MaxValue);
        }

        long indexed = onDisk?.State().LogSize ?? 0;
        var log = new TransparencyLog(blobs.Layout, sync);
        long size = log.Size;
        if (indexed > size)
        {
            throw new CatalogException($"catalog: holds {indexed} entries of a log that has {size}");
        }

        if (indexed < size || waiting.Count > 0)
        {
            var inMemory = CatalogDatabase.CreateInMemory();
            InMemory = Add(inMemory, size);
            var updater = new CatalogUpdater(blobs, log);
            updater.ApplyTail(inMemory, indexed, size);

            // A record that was sequenced since we listed incoming/ is in the log's tail already, or in the catalog.
            updater.ApplyPending(inMemory, size, waiting.Where(leaf => !CatalogUpdater.Knows(inMemory, leaf.Record.Digest)).ToList());
        }
    }

    private CatalogReader Add(CatalogDatabase database, long logSize)
    {
        var reader = new CatalogReader(database.Connection, logSize);
        _databases.Add(database);
        _readers.Insert(0, reader);
        return reader;
    }

    private static LogLeaf? FindWaiting(IncomingRecords incoming, Digest record)
    {
        try
        {
            return incoming.Find(record);
        }
        catch (ArchiveException)
        {
            return null; // no entry: fsck tells of it
        }
    }

    /// <summary>What another process does at the moment, or what cannot be written, is answered from memory instead.</summary>
    private static void BringUpToDate(BlobStore blobs, FolderSync sync)
    {
        var log = new TransparencyLog(blobs.Layout, sync);
        using (var catalog = CatalogDatabase.OpenForReading(blobs.Layout.CatalogDatabase))
        {
            bool isBehind = (catalog?.State().LogSize ?? 0) != log.Size;
            if (!isBehind && new IncomingRecords(blobs.Layout, sync).List().Count == 0)
            {
                return;
            }
        }

        new Sequencer(blobs, sync).Run(evenIfNothingWaits: true);
    }
}
