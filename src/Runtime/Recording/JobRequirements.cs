using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Sandbox;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording;

/// <summary>Finds what a job's programs and libraries ask of a machine: begun when each program starts, and waited for only a little.</summary>
/// <remarks>What there was no time for is told in the record, and looked into when nobody waits any more, for the next run.</remarks>
internal sealed class JobRequirements : IDisposable
{
    private const int MostFiles = 4000;

    /// <summary>More than this is not read for its digests, in bytes, where the image's list of files has them.</summary>
    private const long MostHashed = 16 << 20;

    private readonly BlobStore _blobs;
    private readonly Digest? _tree;
    private readonly TimeProvider _clock;
    private readonly string? _libraryPath;
    private readonly string _architecture;
    private readonly RecorderPlan _plan;
    private readonly ContainerFiles? _files;
    private readonly AnalysisCache _cache;
    private readonly RequirementsAnalyser _analyser;
    private readonly HashSet<string> _programs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private readonly BlockingCollection<string> _started = [];
    private readonly CancellationTokenSource _stopped = new();
    private Task? _beside;
    private bool _isIncomplete;
    private bool _isExpected;

    public JobRequirements(BlobStore blobs, RecorderPlan plan, TimeProvider clock)
    {
        _blobs = blobs;
        _tree = plan.Image?.Tree;
        _clock = clock;
        _plan = plan;
        _libraryPath = Variable("LD_LIBRARY_PATH");
        _architecture = plan.Image?.Platform.Architecture ?? HostArchitecture;
        _files = LoadSet.Knows(_architecture) ? FilesOf(plan, blobs) : null;
        _cache = new AnalysisCache(new StoreLayout(blobs.Layout.Root, new RootfsStore(blobs.Layout).CacheFolder).AnalysisCache);
        _analyser = new RequirementsAnalyser(_cache, clock);
    }

    /// <summary>Of a job that runs on the host's own files. An image's programs are its own, run by an emulator where the host is another.</summary>
    private static string HostArchitecture => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>How long a record waits for this, when the job has ended.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    public void Observe(ObservedEvent observed)
    {
        if (_files is null || observed is not FileTouched { Before: not null } touched || _programs.Count + _opened.Count >= MostFiles)
        {
            return;
        }

        if (touched.Access.HasFlag(FileAccess.Execute))
        {
            AddProgram(touched.Path);
        }
        else if (touched.Access == FileAccess.Read && LibraryPlaces.IsLibraryName(touched.Path))
        {
            _opened.Add(touched.Path);
        }
    }

    /// <summary>Nobody sees what is started: what the command line names is taken, with what the dynamic linker would load for it.</summary>
    public void Expect()
    {
        if (_files is null || _isExpected)
        {
            return;
        }

        _isExpected = true;
        // Not those of the work beside, which may be under way.
        var programs = new StartedPrograms(FilesOf(_plan, _blobs)!, _plan.Invocation.WorkingDirectory, Variable("PATH") ?? JobEnvironment.DefaultPath);
        foreach (string program in programs.OfCommand(_plan.Invocation.Argv))
        {
            AddProgram(program);
        }
    }

    /// <param name="isObserved">Whether the job's programs and what they opened were seen.</param>
    /// <returns>Null where no program is known, or they are for neither x86-64 nor arm64.</returns>
    public Requirements? Finish(bool isObserved)
    {
        if (!isObserved || _programs.Count == 0)
        {
            Expect();
        }

        _started.CompleteAdding();
        if (_files is null || _programs.Count == 0)
        {
            return null;
        }

        try
        {
            return FinishWithin(Patience);
        }
#pragma warning disable CA1031 // files of strangers are read here: a defect in that must not cost the record, which is judged by CPU-13 without
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private Requirements? FinishWithin(TimeSpan patience)
    {
        long start = _clock.GetTimestamp();
        bool isDone = _beside!.Wait(patience);
        _stopped.Cancel();
        var left = patience - _clock.GetElapsedTime(start);
        var requirements = Analyse(isDone ? _analyser : new(_cache, _clock), isDone && left > TimeSpan.Zero ? left : TimeSpan.Zero);
        _isIncomplete = requirements.NotAnalysed.Any(unread => unread.Reason == RequirementsAnalyser.NoTime);
        return requirements.Files == 0 ? null : requirements;
    }

    /// <summary>Looks into what there was no time for.</summary>
    public void Complete()
    {
        if (_isIncomplete)
        {
            WaitBeside();
            Analyse(_analyser, null);
        }
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _started.CompleteAdding();
        WaitBeside();
        _started.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Whatever became of it.</summary>
    private void WaitBeside() => ((IAsyncResult?)_beside)?.AsyncWaitHandle.WaitOne();

    private static ContainerFiles? FilesOf(RecorderPlan plan, BlobStore blobs)
    {
        string? root = plan.Image is null ? "/" : new RootfsStore(blobs.Layout).Find(plan.Image.Tree);
        return root is null ? null : new ContainerFiles(root, plan.Mounts, plan.Injected);
    }

    private string? Variable(string name) => _plan.Environment.FirstOrDefault(variable => variable.Name == name)?.Value;

    private void AddProgram(string path)
    {
        if (_programs.Add(path))
        {
            _started.Add(path);
            _beside ??= Task.Factory.StartNew(WorkBeside, _stopped.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private Requirements Analyse(RequirementsAnalyser analyser, TimeSpan? budget)
    {
        var set = new LoadSet(_files!, _libraryPath, _architecture) { IsExpected = _isExpected };
        foreach (string program in _programs.Order(StringComparer.Ordinal))
        {
            set.AddProgram(program);
        }

        foreach (string library in _opened.Order(StringComparer.Ordinal))
        {
            set.AddOpened(library);
        }

        LearnDigests(analyser, [.. set.Objects.Where(loaded => !analyser.KnowsDigest(loaded.Path))]);
        return analyser.Analyse(set, budget, CancellationToken.None);
    }

    private void LearnDigests(RequirementsAnalyser analyser, List<LoadedObject> unknown)
    {
        if (_tree is null || unknown.Sum(loaded => new FileInfo(loaded.HostPath).Length) <= MostHashed)
        {
            return;
        }

        foreach (var (path, hex) in TreeDigests.Find(_blobs, _tree, unknown.Select(loaded => loaded.Path).ToHashSet(StringComparer.Ordinal)))
        {
            if (Digest.TryParseHex(hex, out var digest))
            {
                analyser.Learn(path, digest);
            }
        }
    }

    /// <summary>Each program by itself, as soon as it starts: what it finds is in the cache when all of them are put together.</summary>
    private void WorkBeside()
    {
        Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        try
        {
            foreach (string program in _started.GetConsumingEnumerable(_stopped.Token))
            {
                var set = new LoadSet(_files!, _libraryPath, _architecture) { IsExpected = _isExpected };
                set.AddProgram(program);
                _analyser.Analyse(set, null, _stopped.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The record is due.
        }
    }
}
