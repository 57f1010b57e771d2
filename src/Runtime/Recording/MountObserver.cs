using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording;

/// <summary>Learns what a job did to files by comparing the mounted folders before and after.</summary>
internal sealed class MountObserver : IFileObserver
{
    private readonly BlobStore _blobs;
    private readonly RecordingOptions _options;
    private readonly MountSet _mounts;
    private readonly MountScanner _scanner;
    private readonly KeepBudget _budget;
    private readonly FileHasher _hasher;
    private readonly FileHasher _besideHasher;
    private readonly InputHasher _inputs;
    private readonly ObservationNotes _notes = new(calls: false);
    private FolderScan _before = new();

    /// <param name="blobs">Where contents are kept.</param>
    /// <param name="mounts">All of the job's.</param>
    /// <param name="options">What is kept, and the limits.</param>
    /// <param name="writableOnly">Looks only at what the job can change.</param>
    /// <param name="streamFiles">Where the job's streams go, on the host.</param>
    /// <exception cref="SyscallException">A mount's source cannot be opened.</exception>
    public MountObserver(
        BlobStore blobs,
        IReadOnlyList<Mount> mounts,
        RecordingOptions options,
        bool writableOnly = false,
        IReadOnlyList<string>? streamFiles = null)
    {
        _blobs = blobs;
        _options = options;
        _mounts = MountSet.Open(mounts.Where(mount => !writableOnly || !mount.ReadOnly));
        _scanner = new MountScanner(options.Limits.MaxEntries);
        _budget = new KeepBudget(options.Limits.MaxKeptBytes);
        _hasher = new FileHasher(blobs, _budget);
        _besideHasher = new FileHasher(blobs, _budget);
        _inputs = new InputHasher(_besideHasher, _mounts, options, _budget);
        _notes.Exclude(_scanner, _mounts, mounts, blobs.Layout.Root, streamFiles ?? []);
    }

    /// <summary>Looks at everything, and hashes as much as may delay the job.</summary>
    public void Begin()
    {
        BeginWith(_scanner.Scan(_mounts.All));
        _inputs.HashBeforeStart(_before);
    }

    /// <summary>Somebody else has looked already, and nothing is hashed ahead.</summary>
    public void BeginWith(FolderScan before)
    {
        _before = before;
        _notes.AddScan(_before, _options);
    }

    /// <summary>Hashes the other inputs.</summary>
    public void WorkBeside(CancellationToken cancellation) => _inputs.HashRest(_before, cancellation);

    /// <summary>Nothing is learnt from single calls.</summary>
    public void Observe(ObservedEvent observed)
    {
    }

    /// <summary>Looks at everything again.</summary>
    public ObservedFiles End(RecorderOutcome ended, TimedResults? timed = null)
    {
        var after = _scanner.Scan(_mounts.All, _before);
        var changes = ScanComparison.Compare(_before, after, KernelTime(ended.Outcome.StartedAt));
        var generated = new List<GeneratedFile>();
        var overwritten = new HashSet<string>(StringComparer.Ordinal);
        var disturbed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (_mounts.Find(change.Path)!.Mount.ReadOnly)
            {
                disturbed.Add(change.Path);
            }
            else if (Describe(change) is { } file)
            {
                generated.Add(file);
                overwritten.Add(change.Path);
            }
        }

        timed?.Add(changes.Where(change => overwritten.Contains(change.Path)).Select(change => change.After).OfType<ScannedEntry>(), _mounts);
        var used = _before.Entries.Select(entry => Describe(entry, overwritten, disturbed)).ToList();
        _notes.AddResults(used, generated, overwritten, disturbed, _inputs.BeyondLimits, _budget, _options);
        return new ObservedFiles
        {
            Used = used,
            Generated = generated,
            StatusOnly = changes.Where(change => change.IsStatusOnly).Select(change => change.Path).ToHashSet(StringComparer.Ordinal),
            Hazards = _notes.Hazards,
            Observation = new Observation { Files = "mounts", NotSeen = _notes.NotSeen },
        };
    }

    public void Dispose()
    {
        _hasher.Dispose();
        _besideHasher.Dispose();
        _mounts.Dispose();
    }

    /// <summary>The kernel stamps files by its tick, which is up to 10 ms behind the clock.</summary>
    internal static FileTime KernelTime(DateTimeOffset time)
    {
        const int TickMilliseconds = 10;
        long nanoseconds = (time.AddMilliseconds(-TickMilliseconds).UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;
        return new FileTime(nanoseconds / 1_000_000_000, (int)(nanoseconds % 1_000_000_000));
    }

    private UsedFile Describe(ScannedEntry entry, HashSet<string> overwritten, HashSet<string> disturbed)
    {
        var hashed = entry.Kind == FileKind.File ? _inputs.Find(entry) : new HashedFile();
        if (disturbed.Contains(entry.Path) && hashed.Digest is not null)
        {
            // Somebody outside changed it: whether the job read it before or after, nobody knows.
            hashed = HashedFile.Not("changed during the run");
        }

        return new UsedFile
        {
            Path = entry.Path,
            Kind = entry.Kind,
            Mode = entry.OctalMode,
            Size = entry.Size,
            LinkedTo = _before.FirstNameOf(entry.Path),
            Modified = entry.Kind == FileKind.File ? entry.Modified.ToRfc3339() : null,
            Target = entry.Target,
            Digest = hashed.Digest,
            NotHashed = hashed.NotHashed,
            Kept = hashed.Kept || (overwritten.Contains(entry.Path) && KeepPriorContent(entry)),
        };
    }

    private bool KeepPriorContent(ScannedEntry entry)
    {
        if (_inputs.FindPriorContent(entry.Path) is not { } content || !_budget.TryTake(content.Length))
        {
            return false;
        }

        _blobs.Put(MediaTypes.OctetStream, content);
        return true;
    }

    /// <summary>Null when reading shows that nothing changed but a time.</summary>
    private GeneratedFile? Describe(ScanChange change)
    {
        var entry = (change.After ?? change.Before)!;
        var hashed = change.After is { Kind: FileKind.File } ? HashOutput(change) : new HashedFile();
        if (change.IsStatusOnly && hashed.Digest is not null && hashed.Digest == _inputs.Find(entry).Digest)
        {
            return null;
        }

        return new GeneratedFile
        {
            Path = change.Path,
            Kind = entry.Kind,
            Change = change.Change,
            Mode = change.After?.OctalMode,
            Size = change.After?.Size ?? 0,
            Target = change.After?.Target,
            Digest = hashed.Digest,
            NotHashed = hashed.NotHashed,
            Kept = hashed.Kept,
        };
    }

    private HashedFile HashOutput(ScanChange change)
    {
        var entry = change.After!;
        bool keep = _options.Keep != KeepMode.None && !change.IsStatusOnly && _budget.TryTake(entry.Size);
        var hashed = _hasher.Hash(_mounts.Find(entry.Path)!, entry, keep);
        return hashed.NotHashed == FileHasher.Changed
            ? HashedFile.Not("was still changing after the job had ended")
            : hashed;
    }
}
