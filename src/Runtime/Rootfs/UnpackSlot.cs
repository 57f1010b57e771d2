using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>A place in the cache where one process unpacks: a tree, the new files beside it, and a lock that says the process lives.</summary>
/// <remarks>
/// Slots are numbered from 0 and the lowest free one is taken, so that what a killed process left behind is found and removed by the
/// next. The lock is flock(2) on <c>.unpacking-N.lock</c>; the kernel lets go of it when the process ends, however it ends.
/// The tree stands beside the finished ones: a folder that is renamed within its parent need not be writable itself.
/// </remarks>
internal sealed class UnpackSlot : IDisposable
{
    /// <summary>Mode of a folder that is nobody else's.</summary>
    internal const int Private = 0b111_000_000;

    /// <summary>Mode of a file that is nobody else's.</summary>
    internal const int PrivateFile = 0b110_000_000;

    private const string Prefix = ".unpacking-";
    private const string LockSuffix = ".lock";
    private const string StagingSuffix = ".files";

    private readonly SafeFileHandle _cache;
    private readonly SafeFileHandle _lock;
    private readonly string _name;

    private UnpackSlot(SafeFileHandle cache, SafeFileHandle held, string name)
    {
        _cache = cache;
        _lock = held;
        _name = name;
        Files.MakeFolder(cache, TreeName, Private);
        Tree = OpenOwn(TreeName);
        Files.MakeFolder(cache, StagingName, Private);
        Staging = OpenOwn(StagingName);
    }

    /// <summary>The folder the tree is built in.</summary>
    public SafeFileHandle Tree { get; }

    /// <summary>New files that trees will share, until they are durable.</summary>
    public SafeFileHandle Staging { get; }

    /// <summary>Name of the tree in the folder of trees.</summary>
    public string TreeName => _name;

    private string StagingName => _name + StagingSuffix;

    /// <summary>Takes the lowest free slot, and removes what dead processes left in any.</summary>
    /// <param name="cache">The folder of trees; it belongs to the slot from now on.</param>
    public static UnpackSlot Claim(SafeFileHandle cache)
    {
        RemoveLeftovers(cache);
        for (int number = 0; ; number++)
        {
            string name = Prefix + number.ToString(CultureInfo.InvariantCulture);
            if (TryHold(cache, name + LockSuffix) is not { } held)
                continue;
            RemoveSlot(cache, name);
            return new UnpackSlot(cache, held, name);
        }
    }

    /// <summary>Removes the folders of slots whose process is dead.</summary>
    public static void RemoveLeftovers(SafeFileHandle cache)
    {
        using var listed = Files.Open(cache, ".", Files.O_RDONLY | Files.O_DIRECTORY);
        var locks = Files.List(listed, "cache").Where(item => IsLock(item.Name)).Select(item => item.Name);
        foreach (string name in locks)
        {
            using var held = TryHold(cache, name);
            if (held is null)
                continue;
            RemoveSlot(cache, name[..^LockSuffix.Length]);
            Files.TryRemove(cache, name);
        }
    }

    /// <summary>Whether a name in the folder of trees belongs to a slot.</summary>
    public static bool IsSlot(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Takes a finished tree out of its final name, to be removed with the slot: a tree half removed is never found.</summary>
    public void TakeIn(string name)
    {
        TreeRemoval.Remove(_cache, TreeName);
        Files.Rename(_cache, name, _cache, TreeName);
    }

    /// <summary>Removes what is left in the slot, and gives it back.</summary>
    public void Dispose()
    {
        Tree.Dispose();
        Staging.Dispose();
        if (_lock.IsClosed)
            return;
        RemoveSlot(_cache, _name);
        Files.TryRemove(_cache, _name + LockSuffix);
        _lock.Dispose();
        _cache.Dispose();
    }

    private SafeFileHandle OpenOwn(string name)
    {
        var handle = Files.Open(_cache, name, Files.O_RDONLY | Files.O_DIRECTORY);
        // A set-gid bit that came from the folder above would go on to everything that is made here.
        Files.SetMode(handle, Private, name);
        return handle;
    }

    private static bool IsLock(string name) => IsSlot(name) && name.EndsWith(LockSuffix, StringComparison.Ordinal);

    private static void RemoveSlot(SafeFileHandle cache, string name)
    {
        TreeRemoval.Remove(cache, name);
        TreeRemoval.Remove(cache, name + StagingSuffix);
    }

    /// <returns>Null when a living process has it.</returns>
    private static SafeFileHandle? TryHold(SafeFileHandle cache, string name)
    {
        const int Make = Files.O_RDWR | Files.O_CREAT;
        bool isNew = Files.TryOpen(cache, name, Make | Files.O_EXCL, PrivateFile, out var file) == Errno.None;
        if (!isNew)
            file = Files.Open(cache, name, Make, PrivateFile);
        var error = Files.TryLock(file, Files.LOCK_EX);
        // The one before us may have removed the name between our open and our lock; then this lock guards nothing.
        bool holds = error == Errno.None && StandsFor(cache, name, file);
        // A file system without locks: whoever makes the name has the slot, and leftovers stay.
        if (holds || (isNew && error is Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.ENOLCK))
            return file;
        file.Dispose();
        return null;
    }

    private static bool StandsFor(SafeFileHandle cache, string name, SafeFileHandle file) =>
        Files.TryStatus(cache, name, out var named) == Errno.None && named.Inode == Files.Status(file).Inode;
}
