using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;
using Provenance.Runtime.Rootfs;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording;

/// <summary>Finds what a job's programs and libraries ask of a machine: begun when each program starts, and waited for only a little.</summary>
/// <remarks>What there was no time for is told in the record, and looked into when nobody waits any more, for the next run.</remarks>
internal sealed class JobRequirements : IDisposable
{
    private const int MostFiles = 4000;

    private readonly BlobStore _blobs;
    private readonly Digest? _tree;
    private readonly TimeProvider _clock;
    private readonly string? _libraryPath;
    private readonly ContainerFiles? _files;
    private readonly AnalysisCache _cache;
    private readonly HashSet<string> _programs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);
    private readonly BlockingCollection<string> _started = [];
    private readonly CancellationTokenSource _stopped = new();
    private Task? _beside;
    private bool _isIncomplete;

    public JobRequirements(BlobStore blobs, RecorderPlan plan, TimeProvider clock)
    {
        var rootfs = new RootfsStore(blobs.Layout);
        string? root = plan.Image is null ? "/" : rootfs.Find(plan.Image.Tree);
        bool isAmd64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        _blobs = blobs;
        _tree = plan.Image?.Tree;
        _clock = clock;
        _libraryPath = plan.Environment.FirstOrDefault(variable => variable.Name == "LD_LIBRARY_PATH")?.Value;
        _files = root is null || !isAmd64 ? null : new ContainerFiles(root, plan.Mounts);
        _cache = new AnalysisCache(new StoreLayout(blobs.Layout.Root, rootfs.CacheFolder).AnalysisCache);
    }

    /// <summary>How long a record waits for this, when the job has ended.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    public void Observe(ObservedEvent observed)
    {
        if (_files is null || observed is not FileTouched { Before: not null } touched || _programs.Count + _opened.Count >= MostFiles)
        {
            return;
        }

        if (touched.Access.HasFlag(FileAccess.Execute) && _programs.Add(touched.Path))
        {
            _started.Add(touched.Path);
            _beside ??= Task.Factory.StartNew(WorkBeside, _stopped.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        else if (touched.Access == FileAccess.Read && IsLibraryName(touched.Path))
        {
            _opened.Add(touched.Path);
        }
    }

    /// <summary>Null where no program was seen to start, or they are not for x86-64.</summary>
    /// <exception cref="ArchiveException">The image's list of files is damaged.</exception>
    public Requirements? Finish()
    {
        _started.CompleteAdding();
        if (_files is null || _programs.Count == 0)
        {
            return null;
        }

        long start = _clock.GetTimestamp();
        bool isDone = _beside!.Wait(Patience);
        _stopped.Cancel();
        var left = Patience - _clock.GetElapsedTime(start);
        var requirements = Analyse(isDone && left > TimeSpan.Zero ? left : TimeSpan.Zero);
        _isIncomplete = requirements.NotAnalysed.Any(unread => unread.Reason == RequirementsAnalyser.NoTime);
        return requirements.Files == 0 ? null : requirements;
    }

    /// <summary>Looks into what there was no time for.</summary>
    public void Complete()
    {
        if (_isIncomplete)
        {
            _beside?.Wait();
            Analyse(null);
        }
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _started.CompleteAdding();
        _beside?.Wait();
        _started.Dispose();
        _stopped.Dispose();
    }

    private Requirements Analyse(TimeSpan? budget)
    {
        var set = new LoadSet(_files!, _libraryPath);
        foreach (string program in _programs.Order(StringComparer.Ordinal))
        {
            set.AddProgram(program);
        }

        foreach (string library in _opened.Order(StringComparer.Ordinal))
        {
            set.AddOpened(library);
        }

        var paths = set.Objects.Select(loaded => loaded.Path).ToHashSet(StringComparer.Ordinal);
        var known = _tree is null ? new Dictionary<string, string>() : TreeDigests.Find(_blobs, _tree, paths);
        var analyser = new RequirementsAnalyser(_cache, _clock)
        {
            KnownDigest = path => known.TryGetValue(path, out string? hex) && Digest.TryParseHex(hex, out var digest) ? digest : null,
        };
        return analyser.Analyse(set, budget, CancellationToken.None);
    }

    /// <summary>Each program by itself, as soon as it starts: what it finds is in the cache when all of them are put together.</summary>
    private void WorkBeside()
    {
        Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        try
        {
            foreach (string program in _started.GetConsumingEnumerable(_stopped.Token))
            {
                var set = new LoadSet(_files!, _libraryPath);
                set.AddProgram(program);
                new RequirementsAnalyser(_cache, _clock).Analyse(set, null, _stopped.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The record is due.
        }
    }

    private static bool IsLibraryName(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);
    }
}
