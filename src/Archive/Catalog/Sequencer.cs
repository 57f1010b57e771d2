using Microsoft.Data.Sqlite;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Moves acknowledged records from incoming/ into the log and the catalog. Whoever gets the lock does it for all.</summary>
/// <remarks>
/// 1 take the lock, or leave it to the holder · 2 open the catalog and bring it up to the log, so that it knows every record there is ·
/// 3 append what it does not know to the log · 4 apply that to the catalog · 5 delete the files in incoming/ · 6 look again after the
/// lock is free, for a record that was dropped while we held it has found the lock taken.
/// Killed between two steps, the next who sequences goes on from there: step 2 repeats step 4, and what the catalog knows is only deleted.
/// </remarks>
internal sealed class Sequencer(BlobStore blobs, FolderSync sync, Action<SequencingStep>? onStep = null)
{
    /// <summary>Entries appended with one checkpoint.</summary>
    private const int BatchEntries = 10_000;

    private readonly TransparencyLog _log = new(blobs.Layout, sync);
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
        foreach (var batch in Waiting().Chunk(BatchEntries))
        {
            Sequence(batch, catalog, updater);
        }

        return SequencingOutcome.Done;
    }

    private void Sequence(IReadOnlyList<Digest> batch, CatalogDatabase catalog, CatalogUpdater updater)
    {
        // :: Step 3
        var leaves = Takable([.. batch.Where(record => !CatalogUpdater.Knows(catalog, record))]);
        if (leaves.Count > 0)
        {
            _log.Append([.. leaves.Select(leaf => leaf.ToBytes())]);
            _sequenced += leaves.Count;
            onStep?.Invoke(SequencingStep.Appended);
        }

        // :: Step 4
        updater.CatchUp(catalog, progress: null, CancellationToken.None);
        onStep?.Invoke(SequencingStep.Indexed);

        // :: Step 5
        foreach (var record in batch.Where(record => !_untakable.Contains(record)))
        {
            _incoming.Remove(record);
            onStep?.Invoke(SequencingStep.Removed);
        }
    }

    /// <summary>The entries whose blobs are there and whole: the log shall not commit to what nobody can read.</summary>
    private List<LogLeaf> Takable(IReadOnlyList<Digest> records)
    {
        var leaves = new List<LogLeaf>();
        foreach (var (record, leaf, problem) in records.AsParallel().AsOrdered().Select(Read).ToList())
        {
            if (problem is not null)
            {
                _untakable.Add(record);
                _problems.Add($"incoming record '{record.Hex}' stays: {problem}");
            }
            else if (leaf is not null)
            {
                leaves.Add(leaf);
            }
        }

        return leaves;
    }

    private (Digest Record, LogLeaf? Leaf, string? Problem) Read(Digest record)
    {
        try
        {
            var leaf = _incoming.Find(record);
            if (leaf is not null)
            {
                _reader.Read(leaf);
            }

            return (record, leaf, null);
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return (record, null, e.Message.TrimEnd('.'));
        }
    }

    private List<Digest> Waiting() => [.. _incoming.List().Where(record => !_untakable.Contains(record))];

    private SequencingReport Report(SequencingOutcome outcome) =>
        new() { Outcome = outcome, Sequenced = _sequenced, Problems = _problems };
}
