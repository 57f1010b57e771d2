using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Capturing;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Learns what a job did from its calls, and checks that against a listing of the mounted folders before and after.</summary>
/// <remarks>
/// 1 list · 2 beside the job: hold small files, take the calls in, read each input as it is first opened · 3 wait for what is still being
/// read · 4 list again · 5 tell what the job changed from what others did · 6 read what it left · 7 put it into words. Where no call ever
/// arrives, the mounted folders are compared instead, and the record says so.
/// </remarks>
internal sealed class CallRecorder : IFileObserver
{
    private const string Fallback =
        "the mounted folders were compared before and after the job instead";

    private const string NothingTold = "no call of the job's was told of";

    private readonly BlobStore _blobs;
    private readonly BlobBatch _lists;
    private readonly RecorderPlan _plan;
    private readonly MountSet _mounts;
    private readonly MountScanner _scanner;
    private readonly KeepBudget _budget;
    private readonly PriorContents _prior;
    private readonly DigestSpool _spool;
    private readonly InputQueue _queue;
    private readonly PathPlaces _places;
    private readonly LineListWriter _programs;
    private readonly WorkTrees _trees;
    private readonly ObservationNotes _notes = new(calls: true);
    private readonly CallLog _log;
    private readonly HostRun? _host;
    private readonly Dictionary<string, HashedFile> _declared = new(StringComparer.Ordinal);
    private readonly HeapBound _heap = new();
    private FolderScan _before = new();

    /// <param name="blobs">Where contents are kept.</param>
    /// <param name="lists">Has the lists, and commits them with the record.</param>
    /// <param name="plan">The job.</param>
    /// <param name="clock">For how long inputs are waited for.</param>
    /// <exception cref="SyscallException">A mount's source cannot be opened.</exception>
    public CallRecorder(BlobStore blobs, BlobBatch lists, RecorderPlan plan, TimeProvider clock)
    {
        _blobs = blobs;
        _lists = lists;
        _plan = plan;
        _host = plan.Image is null ? new HostRun(blobs, plan, clock) : null;
        _mounts = MountSet.Open(plan.Mounts, _host is null ? null : HostRun.Root);
        _scanner = new MountScanner(plan.Options.Limits.MaxEntries);
        _budget = new KeepBudget(plan.Options.Limits.MaxKeptBytes);
        _trees = new WorkTrees(blobs.Layout.Temporary);
        _prior = new PriorContents(blobs);
        _spool = new DigestSpool(blobs);
        _queue = new InputQueue(new InputSources(blobs, _mounts, _budget, _prior, _spool), plan.Options, clock);
        _programs = new LineListWriter(lists);
        var injected = plan.Mounts.Where(ElfBinds.IsOne).Select(mount => mount.Destination);
        _places = new PathPlaces(
            _host is null ? plan.Mounts : [.. plan.Mounts, HostRun.Root],
            [.. injected, .. plan.PutFiles.Select(file => file.Path), .. plan.Injected.Select(file => file.ContainerPath)],
            plan.Invocation.User.Home,
            plan.Invocation.WorkingDirectory,
            _host?.Classifier);
        _log = new CallLog(CallLimits.Default, path => _before.Find(path), program => _programs.Add(RecordLines.Serialize(program)))
        {
            ContentUsed = ReadContent,
        };
        _notes.Exclude(_scanner, _mounts, plan.Mounts, blobs.Layout.Root, plan.StreamFiles);
    }

    public void Begin()
    {
        // :: Step 1
        _before = _scanner.Scan(_mounts.All);
        _notes.AddScan(_before, _plan.Options, _host is null ? null : Path.Exists);
        using var hasher = new FileHasher(_blobs, _budget);
        foreach (var entry in _before.Entries.Where(entry => entry.Kind == FileKind.File && IsDeclared(entry.Path)))
        {
            bool keep = _plan.Options.Keep == KeepMode.All && _budget.TryTake(entry.Size);
            _declared[entry.Path] = hasher.Hash(_mounts.Find(entry.Path)!, entry, keep);
        }
    }

    // :: Step 2
    public void WorkBeside(CancellationToken cancellation) => _prior.Hold(_before.Entries, _mounts, cancellation);

    public void Observe(ObservedEvent observed)
    {
        _host?.Observe(observed);
        _log.Add(observed);
        _heap.Keep();
    }

    public ObservedFiles End(RecorderOutcome ended, TimedResults? timed = null)
    {
        if (_log.IsEmpty || ended.NotObserved is not null)
        {
            return _host is null ? CompareInstead(ended, timed) : throw new RecordingException(
                $"no image can be made of what the job used: {ended.NotObserved ?? NothingTold}");
        }

        // :: Step 3
        _queue.Finish();

        // :: Steps 4 and 5
        HeapBound.GiveBack();
        var captured = _host?.Capture(_before, _scanner);
        HeapBound.GiveBack();
        var changes = FindChanges(MountObserver.KernelTime(ended.Outcome.StartedAt));
        var files = new RecordedFiles(_before, changes, _log, _places, _declared);
        var read = files.Read.OrderBy(touched => touched.Path, StringComparer.Ordinal).ToList();

        // :: Step 6
        var outputs = new OutputHasher(_blobs, _mounts, _plan.Options, _budget);
        HashedOutput[] hashed = [.. outputs.Hash([.. files.Changes]).Where(IsOutput)];
        KeepPriorContents(hashed);
        timed?.Add(
            hashed.Select(output => output.Change.After).OfType<ScannedEntry>()
                .Where(result => _places.ClassOfGenerated(result.Path) == FileClass.Output),
            _mounts);

        // :: Step 7
        HeapBound.GiveBack();
        var temporary = files.Temporary();
        var known = KnownDigests(read, (_plan.Image ?? captured!.Image).Tree);
        _notes.AddOutputs(hashed, _plan.Options, _budget);
        _notes.AddHazards(HazardsOf(files, read, hashed));
        _notes.NotSeen.AddRange(CallNotes.Of(
            _log, Math.Max(0, temporary.Count - CallLimits.Default.MaxTemporary), _queue.BeyondLimits + outputs.BeyondLimits));
        var result = Result(files, known, hashed, temporary);
        return _host is null ? result : _host.Complete(result, captured!, read.Where(IsUsersFile), changes);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _trees.Dispose();
        _spool.Dispose();
        _prior.Dispose();
        _mounts.Dispose();
    }

    private ObservedFiles Result(
        RecordedFiles files,
        IReadOnlyDictionary<string, DigestSet> known,
        HashedOutput[] outputs,
        IReadOnlyList<TouchedPath> temporary)
    {
        var network = new NetworkUse { Peers = PeerNames.Add(_log.Network.Peers, _log.Network.Names), Names = [.. _log.Network.Names] };
        var sources = _trees.Finish();
        int processors = CpuList.Parse(_plan.Invocation.Affinity).Count;
        return new ObservedFiles
        {
            Used = Bounded(files.Used(known)),
            Generated = GeneratedLines.Of(outputs, [.. temporary.Take(CallLimits.Default.MaxTemporary)], _places),
            Sought = WriteSought(),
            Executed = _programs.Finish(),
            Network = network,
            KernelCalls =
            [
                .. CallTable.All.Where(call => call.Since is not null && _log.Notes.ContainsKey(call.Note))
                    .Select(call => new KernelCall { Name = call.Call.Name, Since = call.Since! }).OrderBy(call => call.Name, StringComparer.Ordinal),
            ],
            Sources = sources,
            Libraries = Libraries(known),
            Hazards =
            [
                .. new CallHazards(_log, _places).OfTheJob(network, _plan.Environment, processors),
                .. CallHazards.OfSources(sources),
                .. _notes.Hazards,
            ],
            Observation = new Observation { Files = "calls", NotSeen = _notes.NotSeen },
        };
    }

    /// <summary>In order of the paths.</summary>
    private IReadOnlyList<ScanChange> FindChanges(FileTime startedAt)
    {
        var listed = ScanComparison.Compare(_before, _scanner.Scan(_mounts.All, _before), startedAt);
        return _host is null
            ? listed
            : [.. listed.Concat(_host.FindChanges(_log, startedAt)).OrderBy(change => change.Path, StringComparer.Ordinal)];
    }

    private bool IsUsersFile(TouchedPath touched) => touched.Kind == FileKind.File && _places.IsData(touched.Path);

    /// <summary>Writing a line makes garbage; a list may have a million.</summary>
    private IEnumerable<UsedFile> Bounded(IEnumerable<UsedFile> files)
    {
        foreach (var file in files)
        {
            _heap.Keep();
            yield return file;
        }
    }

    private bool IsDeclared(string path) => _plan.Options.Inputs.Any(input => ContainerPath.IsAtOrBelow(path, input));

    private void ReadContent(TouchedPath file)
    {
        if (!_places.IsData(file.Path) || _mounts.Find(file.Path) is not { } mount)
        {
            return;
        }

        _trees.Add(ContainerPath.Join(mount.Mount.Source!, ContainerPath.RelativeTo(file.Path, mount.Mount.Destination)));
        if (_declared.TryGetValue(file.Path, out var declared) && declared.Packed is { } digests
            && _before.Find(file.Path)?.Identity == file.Identity)
        {
            file.SetDigests(_spool, digests);
            file.Kept = declared.Kept;
            return;
        }

        _queue.Add(file);
    }

    /// <summary>A file of which only the time of status is another is no output, unless the job wrote to it or its bytes are others.</summary>
    private bool IsOutput(HashedOutput output)
    {
        if (!output.Change.IsStatusOnly)
        {
            return true;
        }

        if (_log.Paths.GetValueOrDefault(output.Change.Path) is not { IsWritten: true } touched)
        {
            return !_log.IsWhole;
        }

        return !touched.Digests.AsSpan().SequenceEqual(output.Digests);
    }

    /// <summary>Of what the job read and then changed, the old content, where it is held.</summary>
    private void KeepPriorContents(HashedOutput[] outputs)
    {
        foreach (var output in _plan.Options.Keep == KeepMode.None ? [] : outputs)
        {
            if (output.Change.Before is { Kind: FileKind.File } entry
                && _log.Paths.TryGetValue(entry.Path, out var touched) && touched is { Kept: false, Use: not FileUse.Present }
                && _prior.Find(entry.Path, entry.Identity) is { } content && _budget.TryTake(content.Length))
            {
                touched.Kept = TryKeep(content);
                if (touched.Kept && !touched.HasDigests)
                {
                    touched.SetDigests(_spool, ContentHash.PackedOf(content));
                }
            }
        }
    }

    private bool TryKeep(byte[] content)
    {
        try
        {
            _blobs.Put(MediaTypes.OctetStream, content);
            return true;
        }
        catch (IOException e) when (DiskFull.IsReasonOf(e))
        {
            // The record is worth more than a copy of what stands beside it.
            _budget.GiveUp();
            return false;
        }
    }

    private Dictionary<string, DigestSet> KnownDigests(List<TouchedPath> read, Digest tree)
    {
        var known = _plan.PutFiles.ToDictionary(file => file.Path, file => ContentHash.Of(file.Content), StringComparer.Ordinal);
        var ofImage = read
            .Where(touched => touched.Kind == FileKind.File && _places.ClassOfUsed(touched.Path) == FileClass.Image)
            .Select(touched => touched.Path)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (path, sha256) in TreeDigests.Find(_blobs, tree, ofImage))
        {
            known[path] = new DigestSet { Sha256 = sha256 };
        }

        return known;
    }

    private IEnumerable<Hazard> HazardsOf(RecordedFiles files, List<TouchedPath> read, HashedOutput[] outputs)
    {
        var overwritten = outputs.Where(output => output.Change.Before is { Kind: FileKind.File })
            .Select(output => _log.Paths.GetValueOrDefault(output.Change.Path))
            .Where(touched => touched is { Kept: false, Use: not FileUse.Present })
            .Select(touched => touched!.Path);
        var hazards = new CallHazards(_log, _places);
        var results = outputs.Select(output => output.Change.Path).Where(path => _places.ClassOfGenerated(path) == FileClass.Output);
        return
        [
            .. hazards.OfInputs(read, touched => touched.Kept || IsInArchive(touched)),
            .. hazards.OfRaces(results),
            .. Given("input-disturbed", "files were changed from outside while the job ran", files.DisturbedPaths.Order(StringComparer.Ordinal),
                "let nothing else write to the folders while a job runs"),
            .. Given("input-overwritten", "files that the job read were replaced or removed by it, and were not kept as they were", overwritten,
                "write results under other names, or use --keep all"),
            .. Given("output-unexplained", "files appeared in the job's folders that no call of its own made", files.Unexplained, null),
        ];
    }

    private static IEnumerable<Hazard> Given(string id, string message, IEnumerable<string> paths, string? remedy)
    {
        string[] evidence = [.. paths];
        return evidence.Length == 0 ? [] : [CallHazards.Of(id, message, evidence, remedy)];
    }

    private bool IsInArchive(TouchedPath touched)
    {
        _heap.Keep();
        return touched.Digests is { } packed && _blobs.Contains(Digest.FromHash(packed.AsSpan(0, Digest.SizeBytes)));
    }

    private LineList WriteSought()
    {
        var lines = new LineListWriter(_lists);
        foreach (var (path, count) in _log.Sought.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            lines.Add(RecordLines.Serialize(new SoughtPath { Path = path, Count = count }));
        }

        return lines.Finish();
    }

    private LoadedLibrary[] Libraries(IReadOnlyDictionary<string, DigestSet> known) =>
    [
        .. _log.Libraries.Named.Select(library => new LoadedLibrary
        {
            Path = library.Key,
            Named = library.Value,
            Role = LibraryRoles.Of(library.Key)!,
            Hwcaps = LibraryRoles.HwcapsOf(library.Key),
            Sha256 = known.TryGetValue(library.Key, out var digest) ? digest.Sha256 : Sha256Of(library.Key),
        }),
    ];

    private string? Sha256Of(string path) => _log.Paths.GetValueOrDefault(path)?.Digests is { } packed
        ? PackedDigests.Unpack(packed).Sha256
        : null;

    private ObservedFiles CompareInstead(RecorderOutcome ended, TimedResults? timed)
    {
        using var mounts = new MountObserver(_blobs, _plan.Mounts, _plan.Options, streamFiles: _plan.StreamFiles);
        mounts.BeginWith(_before);
        mounts.WorkBeside(CancellationToken.None);
        var files = mounts.End(ended, timed);
        string reason = ended.NotObserved ?? NothingTold;
        return files with
        {
            Observation = files.Observation with { NotSeen = [$"{reason}; {Fallback}", .. files.Observation.NotSeen] },
        };
    }
}
