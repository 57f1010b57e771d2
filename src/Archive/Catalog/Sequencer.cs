using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Moves acknowledged records from incoming/ into the log and the catalog. Whoever gets the lock does it for all.</summary>
/// <remarks>
/// 1 take the lock, or leave it to the holder · 2 open the catalog and bring it up to the log, so that it knows every record there is ·
/// 3 append what it does not know to the log, and keep the proofs · 4 apply that to the catalog · 5 delete the files in incoming/ · 6 look
/// again after the lock is free, for a record that was dropped while we held it has found the lock taken.
/// Killed between two steps, the next who sequences goes on from there: step 2 repeats step 4, and what the catalog knows is only deleted.
/// </remarks>
internal sealed class Sequencer(BlobStore blobs, FolderSync sync, Action<SequencingStep>? onStep = null)
{
    /// <summary>Entries appended with one checkpoint and indexed in one transaction; so many records are in memory, and as many again.</summary>
    private const int BatchEntries = 1000;

    private readonly TransparencyLog _log = new(blobs.Layout, sync);
    private readonly LogProofs _proofs = new(blobs.Layout, sync);
    private readonly IncomingRecords _incoming = new(blobs.Layout, sync);
    private readonly RecordReader _reader = new(blobs);
    private readonly List<string> _problems = [];
    private readonly HashSet<Digest> _untakable = [];
    private int _sequenced;

    /// <param name="evenIfNothingWaits">Also when only the catalog is behind the log.</param>
    public SequencingReport Run(bool evenIfNothingWaits = false)
    {
        try
        {
            var outcome = evenIfNothingWaits ? RunOnce() : SequencingOutcome.Done;
            while (outcome == SequencingOutcome.Done && Waiting().Count > 0)
            {
                outcome = RunOnce();
            }

            return Report(outcome);
        }
        catch (Exception e) when (e is ArchiveException or SqliteException or IOException or UnauthorizedAccessException)
        {
            _problems.Add(e.Message.TrimEnd('.'));
            return Report(SequencingOutcome.Unable);
        }
    }

    private SequencingOutcome RunOnce()
    {
        // :: Step 1
        using var held = ArchiveLock.TryTake(blobs.Layout);
        if (held is null)
        {
            return SequencingOutcome.Busy;
        }

        // :: Step 2
        using var catalog = CatalogDatabase.OpenForWriting(blobs.Layout.CatalogDatabase);
        var updater = new CatalogUpdater(blobs, _log);
        updater.CatchUp(catalog, progress: null, CancellationToken.None);
        onStep?.Invoke(SequencingStep.CaughtUp);
        foreach (var batch in Ahead(Waiting().Chunk(BatchEntries), Read))
        {
            Sequence(batch, catalog, updater);
        }

        return SequencingOutcome.Done;
    }

    private void Sequence(IReadOnlyList<IncomingEntry> batch, CatalogDatabase catalog, CatalogUpdater updater)
    {
        // :: Step 3
        var known = CatalogUpdater.KnownAmong(catalog, batch.Select(read => read.Record));
        var entries = Takable(batch.Where(read => !known.Contains(read.Record)));
        if (entries.Count > 0)
        {
            var checkpoint = _log.Append([.. entries.Select(entry => entry.Leaf!.ToBytes())]);
            _sequenced += entries.Count;
            onStep?.Invoke(SequencingStep.Appended);
            _proofs.Keep(entries.Select(entry => entry.Leaf!.Record.Digest), checkpoint.Tree.Size - entries.Count, checkpoint);
        }

        // :: Step 4
        updater.Follow(catalog, entries);
        onStep?.Invoke(SequencingStep.Indexed);

        // :: Step 5
        foreach (var read in batch.Where(read => !_untakable.Contains(read.Record)))
        {
            _incoming.Remove(read.Record);
            onStep?.Invoke(SequencingStep.Removed);
        }
    }

    /// <summary>The entries whose blobs are there and whole: the log shall not commit to what nobody can read.</summary>
    private List<CatalogEntry> Takable(IEnumerable<IncomingEntry> batch)
    {
        var takable = new List<CatalogEntry>();
        foreach (var read in batch)
        {
            if (read.Problem is not null)
            {
                _untakable.Add(read.Record);
                _problems.Add($"incoming record '{read.Record.Hex}' stays: {read.Problem}");
            }
            else if (read.Entry is not null)
            {
                takable.Add(read.Entry);
            }
        }

        return takable;
    }

    /// <summary>Reading, parsing and verifying takes most of the time, and goes on on all cores.</summary>
    private IReadOnlyList<IncomingEntry> Read(IReadOnlyList<Digest> records) =>
        [.. records.AsParallel().AsOrdered().Select(Read)];

    private IncomingEntry Read(Digest record)
    {
        try
        {
            var leaf = _incoming.Find(record);
            return new IncomingEntry(record, leaf is null ? null : CatalogEntry.Of(leaf, _reader.Read(leaf)), null);
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return new IncomingEntry(record, null, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>While one batch is written, the next is read.</summary>
    private static IEnumerable<TResult> Ahead<T, TResult>(IEnumerable<T> batches, Func<T, TResult> read)
    {
        Task<TResult>? reading = null;
        foreach (var batch in batches)
        {
            var next = Task.Run(() => read(batch));
            if (reading is not null)
            {
                yield return reading.GetAwaiter().GetResult();
            }

            reading = next;
        }

        if (reading is not null)
        {
            yield return reading.GetAwaiter().GetResult();
        }
    }

    private List<Digest> Waiting() => [.. _incoming.List().Where(record => !_untakable.Contains(record))];

    private SequencingReport Report(SequencingOutcome outcome) =>
        new() { Outcome = outcome, Sequenced = _sequenced, Problems = _problems };
}
