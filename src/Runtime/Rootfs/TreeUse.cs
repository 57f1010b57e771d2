using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Says that a job uses an unpacked tree: nobody removes it meanwhile.</summary>
/// <remarks>
/// flock(2) on <c>.TREE.used</c>, shared by jobs, taken alone by whoever removes; its time of modification is the last use. The file
/// stays: a lock whose name is removed while others wait for it guards nothing. Where the cache cannot be written, nobody removes either.
/// </remarks>
public sealed class TreeUse : IDisposable
{
    /// <summary>utimensat(2), UTIME_NOW: the kernel's own clock.</summary>
    private const int Now = (1 << 30) - 1;

    private readonly SafeFileHandle? _held;

    private TreeUse(SafeFileHandle? held) => _held = held;

    public void Dispose() => _held?.Dispose();

    /// <summary>For a job. Look for the tree after this, not before: it may be removed until then.</summary>
    internal static TreeUse Share(string cache, Digest tree)
    {
        if (TryOpen(cache, tree) is not { } file)
        {
            return new TreeUse(null);
        }

        // A removal takes as long as a tree has files; whoever comes meanwhile finds none and unpacks it again.
        while (Files.TryLock(file, Files.LOCK_SH) == Errno.EAGAIN)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(1));
        }

        Files.SetModified(file, new FileTime(0, Now), "use");
        return new TreeUse(file);
    }

    /// <returns>Null when a job uses the tree.</returns>
    internal static TreeUse? TryHoldAlone(string cache, Digest tree)
    {
        var file = TryOpen(cache, tree);
        if (file is null || Files.TryLock(file, Files.LOCK_EX) != Errno.EAGAIN)
        {
            return new TreeUse(file);
        }

        file.Dispose();
        return null;
    }

    /// <summary>When a job last began in it; null for a tree that was unpacked by a program which did not note that.</summary>
    internal static FileTime? LastOf(SafeFileHandle cache, Digest tree) =>
        Files.TryStatus(cache, NameOf(tree), out var status) == Errno.None ? status.Modified : null;

    private static SafeFileHandle? TryOpen(string cache, Digest tree)
    {
        if (!Directory.Exists(cache))
        {
            return null;
        }

        using var folder = Files.OpenFolder(cache);
        var error = Files.TryOpen(folder, NameOf(tree), Files.O_RDWR | Files.O_CREAT, UnpackSlot.PrivateFile, out var file);
        return error switch
        {
            Errno.None => file,
            Errno.EACCES or Errno.EROFS or Errno.EPERM => null,
            _ => throw new SyscallException("openat", NameOf(tree), error),
        };
    }

    private static string NameOf(Digest tree) => $".{tree.Hex}.used";
}
