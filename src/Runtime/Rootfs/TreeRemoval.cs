using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Removes a tree by descriptors, with folders that forbid it, and never through a link.</summary>
internal static class TreeRemoval
{
    private const int Writable = 0b111_000_000;

    /// <summary>Removes whatever has that name; nothing happens when there is nothing.</summary>
    public static void Remove(SafeFileHandle folder, string name)
    {
        var error = Files.TryRemove(folder, name);
        if (error is Errno.None or Errno.ENOENT)
            return;
        // unlinkat(2): EISDIR on Linux, EPERM by POSIX and on some network file systems.
        if (error is not (Errno.EISDIR or Errno.EPERM))
            throw new SyscallException("unlinkat", name, error);
        RemoveFolder(folder, name);
    }

    // Recursion is as deep as the tree, which import limits; each level holds one descriptor.
    private static void RemoveFolder(SafeFileHandle parent, string name)
    {
        if (Files.TryRemoveFolder(parent, name) == Errno.None)
            return;
        using (var folder = OpenWritable(parent, name))
        {
            var odd = new List<string>();
            foreach (var item in Files.List(folder, name, odd.Add))
            {
                if (item.Type == Files.DT_DIR)
                    RemoveFolder(folder, item.Name);
                else
                    Remove(folder, item.Name);
            }

            foreach (string latin1 in odd)
            {
                // All others are gone, so that the name is free.
                const string Plain = "not-utf8";
                Files.RenameOdd(folder, latin1, Plain);
                Remove(folder, Plain);
            }
        }

        Files.RemoveFolder(parent, name);
    }

    private static SafeFileHandle OpenWritable(SafeFileHandle parent, string name)
    {
        var error = Files.TryOpen(parent, name, Files.O_RDONLY | Files.O_DIRECTORY, 0, out var folder);
        if (error == Errno.EACCES)
        {
            using var path = Files.Open(parent, name, Files.O_PATH | Files.O_DIRECTORY);
            Files.TrySetModeOfPath(path, Writable);
            return Files.Open(parent, name, Files.O_RDONLY | Files.O_DIRECTORY);
        }

        if (error != Errno.None)
            throw new SyscallException("openat", name, error);
        if ((Files.Status(folder).Mode & Writable) != Writable && Identity.EffectiveUid != 0)
            Files.SetMode(folder, Writable, name);
        return folder;
    }
}
