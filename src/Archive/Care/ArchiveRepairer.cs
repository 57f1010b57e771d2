using System.Globalization;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Care;

/// <summary>Mends what fsck finds: from what is here where it can be derived, else from archives and bundles, of which everything is checked.</summary>
/// <remarks>
/// 1 no gc and no backup meanwhile · 2 fsck · 3 log and what hangs on it, then blobs, again and again: entries are found with the help of blobs, and a
/// record that was fetched names more · 4 damaged blobs that nothing names are set aside · 5 the names of images · 6 records that wait are put into the
/// log · 7 catalog and proofs · 8 what killed processes left · 9 fsck, which does not read again what it has found sound.
/// Killed anywhere, the archive is no worse than before: what is damaged stays until its replacement is durable.
/// </remarks>
public sealed class ArchiveRepairer(BlobStore blobs, FolderSync sync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StoreLayout _layout = blobs.Layout;
    private readonly List<Repair> _repairs = [];
    private readonly HashSet<DigestKey> _sound = [];

    /// <param name="from">Folders of other archives, and bundles, packed or not.</param>
    /// <param name="progress">Of both checks.</param>
    /// <param name="cancellation">Leaves what is mended by then.</param>
    /// <exception cref="ArchiveException">The archive cannot be written or is locked, or a source is none.</exception>
    public RepairReport Repair(IReadOnlyList<string> from, IProgress<FsckProgress>? progress, CancellationToken cancellation)
    {
        // :: Step 1
        var sources = SpareSources.Open(from, _layout);
        using var held = ArchiveLock.TryTake(_layout, _layout.GcLock)
            ?? throw new ArchiveException($"archive '{_layout.Root}': a gc or a backup is at work");
        using (var lease = WriterLease.TryTake(_layout) ?? throw new ArchiveException($"archive '{_layout.Root}': cannot be written"))
        {
            // :: Step 2
            var before = new Fsck(blobs, sync) { Sound = _sound }.Check(progress, cancellation);
            Mend(before, sources, cancellation);
            RemoveLeftovers(lease);
        }

        // :: Step 9
        var after = new Fsck(blobs, sync) { Sound = _sound }.Check(progress, cancellation);
        return new RepairReport
        {
            Repairs = _repairs,
            SourceProblems = sources.Problems,
            Unrepaired = [.. after.Findings.Where(finding => finding.Severity == FsckSeverity.Damage).Select(UnrepairedDamage.Of)],
            After = after,
        };
    }

    private void Mend(FsckReport before, SpareSources sources, CancellationToken cancellation)
    {
        var quarantine = new Quarantine(_layout, sync);
        MendLogAndBlobs(before, sources, quarantine, cancellation);

        // :: Steps 5 to 7
        _repairs.AddRange(new IndexRepair(blobs, sync, sources, quarantine).Run());
        SequenceWaiting();
        MendDerived(_repairs.Count == 0 ? before.Findings : Derived(cancellation), cancellation);
    }

    private void MendLogAndBlobs(FsckReport before, SpareSources sources, Quarantine quarantine, CancellationToken cancellation)
    {
        if (before.Findings.All(finding => finding.Severity == FsckSeverity.Note))
        {
            return;
        }

        var damaged = before.Findings.Select(finding => finding.Blob).OfType<Digest>().ToHashSet();
        int mended = -1;
        WantedBlobs wanted;
        do
        {
            // :: Step 3
            cancellation.ThrowIfCancellationRequested();
            mended = _repairs.Count;
            MendLog(sources, quarantine, cancellation);
            wanted = FindWanted(damaged);
            if (wanted.All.Count > 0)
            {
                _repairs.AddRange(new BlobRepair(blobs, sources, quarantine).Run(wanted.All, _sound));
                damaged.RemoveWhere(blob => _sound.Contains(DigestKey.Of(blob)));
            }
        }
        while (mended != _repairs.Count);

        // :: Step 4
        foreach (var blob in damaged.Where(blob => wanted.IsComplete && !wanted.All.ContainsKey(blob)))
        {
            if (quarantine.SetAside(_layout.BlobPath(blob)) is { } aside)
            {
                _repairs.Add(new Repair($"blobs/sha256/{blob.Hex}", $"set aside, for nothing names it; it is in '{aside}'"));
            }
        }
    }

    private void MendLog(SpareSources sources, Quarantine quarantine, CancellationToken cancellation)
    {
        using var locked = ArchiveLock.Take(_layout, Patience);
        _repairs.AddRange(new LogKeyRepair(_layout, sync, sources, quarantine).Run());
        _repairs.AddRange(new LogRepair(blobs, sync, sources, quarantine).Run());
        _repairs.AddRange(new CosignedRepair(_layout, sync, sources, quarantine).Run());
        _repairs.AddRange(new SealRepair(_layout, sync, sources, quarantine).Run());
        _repairs.AddRange(new IncomingRepair(blobs, sync, sources, quarantine).Run());
        _repairs.AddRange(new OriginRepair(_layout, sync, sources, quarantine).Run(cancellation));
    }

    private WantedBlobs FindWanted(IReadOnlySet<Digest> damaged)
    {
        var wanted = new WantedBlobs(blobs, damaged);
        wanted.AddIncoming(new IncomingRecords(_layout, sync));
        var log = new TransparencyLog(_layout, sync);
        wanted.AddLog(log);
        wanted.AddIndex();
        return wanted;
    }

    /// <summary>:: Step 6.</summary>
    private void SequenceWaiting()
    {
        var report = new RecordIntake(blobs, sync).SequenceIncoming();
        if (report.Sequenced > 0)
        {
            _repairs.Add(new Repair("incoming", $"{report.Sequenced.ToString(CultureInfo.InvariantCulture)} records that waited are in the log now"));
        }
    }

    /// <summary>What was mended may have changed what catalog and proofs must be.</summary>
    private IReadOnlyList<FsckFinding> Derived(CancellationToken cancellation)
    {
        var log = new TransparencyLog(_layout, sync);
        try
        {
            return
            [
                .. new CheckpointFsck(blobs, sync, log, log.FindCheckpoint()).Check(cancellation),
                .. new CatalogFsck(blobs, log).Check(cancellation),
            ];
        }
        catch (LogException)
        {
            return []; // the last check tells of it
        }
    }

    /// <summary>:: Step 7. Not from a log that is damaged: the catalog may be the last that knows what is gone from it.</summary>
    private void MendDerived(IReadOnlyList<FsckFinding> findings, CancellationToken cancellation)
    {
        bool isWanted = findings.Any(finding => finding.Severity == FsckSeverity.Repairable || finding.Subject == "proofs");
        if (!isWanted || findings.Any(finding => finding.Severity == FsckSeverity.Damage && finding.Subject.StartsWith("log", StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            var report = new Reindexer(blobs, sync).Reindex(progress: null, cancellation);
            _repairs.Add(new Repair(
                "catalog.db, proofs", $"made again from the log: {report.Records.ToString(CultureInfo.InvariantCulture)} records"));
        }
        catch (ArchiveException)
        {
            // The last check tells of it, and the catalog stays as it is.
        }
    }

    /// <summary>:: Step 8. Under the lock nobody writes log or names, and the leases tell since when blobs are written.</summary>
    private void RemoveLeftovers(WriterLease own)
    {
        using var locked = ArchiveLock.Take(_layout, Patience);
        var before = WriterLease.Living(_layout).Select(lease => lease.Since).Append(own.Since).Min();
        var removed = new Leftovers(_layout, before).RemoveFiles(dryRun: false);
        if (removed.Count > 0)
        {
            _repairs.Add(new Repair("tmp", $"{removed.Count} half-written files ({ByteSize.Text(removed.Bytes)}) of processes that were killed removed"));
        }
    }
}
