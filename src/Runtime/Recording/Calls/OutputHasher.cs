using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Reads what a job left, when it has ended, on all processors: the person waits for it.</summary>
internal sealed class OutputHasher(BlobStore blobs, MountSet mounts, RecordingOptions options, KeepBudget budget)
{
    private const string StillChanging = "was still changing after the job had ended";

    private long _bytesLeft = options.Limits.MaxOutputBytes;
    private int _beyond;

    /// <summary>Files of which only the size is known, because they were too large.</summary>
    public int BeyondLimits => _beyond;

    /// <summary>In the order given.</summary>
    public HashedOutput[] Hash(IReadOnlyList<ScanChange> changes)
    {
        // What is kept does not depend on which thread is first.
        bool[] keep = [.. changes.Select(WantsKeeping)];
        var outputs = new HashedOutput[changes.Count];
        Parallel.For(0, changes.Count, () => new FileHasher(blobs, budget), Hash, hasher => hasher.Dispose());
        return outputs;

        FileHasher Hash(int index, ParallelLoopState state, FileHasher hasher)
        {
            outputs[index] = HashOne(changes[index], keep[index], hasher);
            return hasher;
        }
    }

    private bool WantsKeeping(ScanChange change) =>
        options.Keep != KeepMode.None && change.After is { Kind: FileKind.File } entry && !change.IsStatusOnly
        && budget.TryTake(entry.Size);

    private HashedOutput HashOne(ScanChange change, bool keep, FileHasher hasher)
    {
        if (change.After is not { Kind: FileKind.File } entry)
        {
            return new HashedOutput(change, null, null, false);
        }

        var mount = mounts.Find(entry.Path)!;
        if (IsTooLarge(mount, entry))
        {
            Interlocked.Increment(ref _beyond);
            return new HashedOutput(change, null, InputQueue.BeyondLimit, false);
        }

        var hashed = hasher.Hash(mount, entry, keep);
        return hashed.Packed is { } digests
            ? new HashedOutput(change, digests, null, hashed.Kept)
            : new HashedOutput(change, null, hashed.NotHashed == FileHasher.Changed ? StillChanging : hashed.NotHashed, false);
    }

    private bool IsTooLarge(MountedFiles mount, ScannedEntry entry)
    {
        if (entry.Size > options.Limits.MaxHoleBytes && HoleBytes(mount, entry) > options.Limits.MaxHoleBytes)
        {
            return true;
        }

        if (Interlocked.Add(ref _bytesLeft, -entry.Size) >= 0)
        {
            return false;
        }

        Interlocked.Add(ref _bytesLeft, entry.Size);
        return true;
    }

    private static long HoleBytes(MountedFiles mount, ScannedEntry entry)
    {
        var error = mount.TryOpen(entry.Path, out var file);
        using (file)
        {
            return error == Errno.None ? Descriptors.HoleBytes(file, entry.Size) : 0;
        }
    }
}
