using System.Collections.Concurrent;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Reads inputs once, when the job first opens them, beside the job and on as many threads as it leaves processors.</summary>
internal sealed class InputQueue : IDisposable
{
    public const string BeyondLimit = "beyond the limit of what is hashed";
    public const string ChangedByTheJob = "was changed by the job before it was hashed";

    private readonly BlobStore _blobs;
    private readonly MountSet _mounts;
    private readonly RecordingOptions _options;
    private readonly KeepBudget _budget;
    private readonly PriorContents _prior;
    private readonly DigestSpool _spool;
    private readonly HeapBound _heap = new();
    private readonly DigestCache? _cache;
    private readonly TimeProvider _clock;
    private readonly BlockingCollection<TouchedPath> _waiting = [];
    private readonly CancellationTokenSource _abandoned = new();
    private Task[] _workers = [];
    private long _bytesLeft;
    private int _beyond;

    public InputQueue(InputSources sources, RecordingOptions options, TimeProvider clock)
    {
        _blobs = sources.Blobs;
        _mounts = sources.Mounts;
        _budget = sources.Budget;
        _prior = sources.Prior;
        _spool = sources.Spool;
        _options = options;
        _clock = clock;
        _cache = DigestCache.Open(_blobs.Layout, clock);
        _bytesLeft = options.Limits.MaxReadBytes;
    }

    /// <summary>Files of which only the size is known, because they were too large.</summary>
    public int BeyondLimits => _beyond;

    /// <summary>A file whose content is used for the first time. Returns at once.</summary>
    public void Add(TouchedPath file)
    {
        if (_workers.Length == 0)
        {
            int threads = Math.Max(1, Environment.ProcessorCount - 1);
            _workers = [.. Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
                Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        }

        _waiting.Add(file);
    }

    /// <summary>Returns when everything is read. Nothing may be added afterwards.</summary>
    public void Finish()
    {
        _waiting.CompleteAdding();
        if (_waiting.Count > 0)
        {
            // The job has ended, and its processor is free: whoever waits reads too.
            Work();
        }

        Task.WaitAll(_workers);
    }

    public void Dispose()
    {
        _abandoned.Cancel();
        _waiting.CompleteAdding();
        try
        {
            Task.WaitAll(_workers);
        }
        catch (AggregateException)
        {
            // It was abandoned, and so is what it found.
        }

        _abandoned.Dispose();
        _waiting.Dispose();
        _cache?.Dispose();
    }

    private void Work()
    {
        using var hasher = new FileHasher(_blobs, _budget);
        foreach (var file in _waiting.GetConsumingEnumerable())
        {
            if (_abandoned.IsCancellationRequested)
            {
                return;
            }

            _heap.Keep();
            try
            {
                Read(file, hasher);
            }
            catch (SyscallException e)
            {
                file.NotHashed = $"could not be read ({e.Errno})";
            }
        }
    }

    private void Read(TouchedPath file, FileHasher hasher)
    {
        string path = file.MovedTo ?? file.Path;
        if (_mounts.Find(path) is not { } mount)
        {
            return;
        }

        bool keep = _options.Keep == KeepMode.All;
        if (_cache?.Find(file.Identity) is { } known && (!keep || IsKept(known)))
        {
            file.Kept = keep;
            file.SetDigests(_spool, known);
            return;
        }

        if (Interlocked.Add(ref _bytesLeft, -file.Identity.Size) < 0)
        {
            Interlocked.Increment(ref _beyond);
            Interlocked.Add(ref _bytesLeft, file.Identity.Size);
            file.NotHashed = BeyondLimit;
            return;
        }

        var since = _clock.GetUtcNow();
        var expected = Expected(file, mount, path);
        var hashed = hasher.Hash(mount, path, expected, keep && _budget.TryTake(file.Identity.Size));
        if (hashed.Packed is { } packed)
        {
            file.Kept = hashed.Kept;
            file.SetDigests(_spool, packed);
            _cache?.Add(expected, packed, since);
        }
        else if (_prior.Find(file.Path, file.Identity) is { } content)
        {
            file.SetDigests(_spool, ContentHash.PackedOf(content));
        }
        else
        {
            file.NotHashed = hashed.NotHashed == FileHasher.Changed && file.IsWritten ? ChangedByTheJob : hashed.NotHashed;
        }
    }

    /// <summary>The job's own chmod, touch or second name has changed the times, and not the content, of what it was seen not to write to.</summary>
    private static FileIdentity Expected(TouchedPath file, MountedFiles mount, string path)
    {
        const FileAccess Harmless = FileAccess.Attributes;
        if ((file.Access & Harmless) == 0 && file.MovedTo is null)
        {
            return file.Identity;
        }

        return Files.TryStatus(mount.Folder, mount.RelativePath(path), out var status) == Errno.None
            && FileIdentity.Of(status) is var now && now.IsSameFileAs(file.Identity)
            && ((file.Access & FileAccess.Write) == 0 || now.Modified == file.Identity.Modified)
            ? now
            : file.Identity;
    }

    /// <summary>What the record is about to rely on must not be taken for old.</summary>
    private bool IsKept(byte[] digests) => _blobs.TryRelyOn(Digest.FromHash(digests.AsSpan(0, Digest.SizeBytes)));
}
