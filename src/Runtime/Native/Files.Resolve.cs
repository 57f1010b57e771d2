using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Paths of several names below a folder that must not be left: openat2(2), or the same walk by hand on kernels before 5.6.</summary>
public static partial class Files
{

    private static bool s_noOpenat2;

    /// <summary>Opens a path as if the folder were <c>/</c>: links are followed, absolute ones and <c>..</c> stay inside.</summary>
    /// <param name="flags"><c>O_*</c>; O_CLOEXEC is added. With O_NOFOLLOW a link as last name is not followed.</param>
    /// <param name="mode">Permission bits of a file that is made, before the umask.</param>
    internal static SafeFileHandle OpenInRoot(SafeFileHandle root, string path, int flags, int mode = 0)
    {
        var error = TryOpenInRoot(root, path, flags, mode, out var handle);
        return error == Errno.None ? handle : throw new SyscallException("openat2", path, error);
    }

    internal static Errno TryOpenInRoot(SafeFileHandle root, string path, int flags, int mode, out SafeFileHandle handle)
    {
        const ulong Resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
        if (TryOpenat2(root, path, flags, mode, Resolve, out handle) is Errno error) return error;
        using var walk = new PathWalk(root);
        return walk.OpenInRoot(path, flags, mode, out handle);
    }

    /// <summary>Opens a path below the folder that must hold no link and no <c>..</c>; ELOOP or EXDEV if it does.</summary>
    /// <param name="path">Relative; the empty path is the folder itself.</param>
    internal static SafeFileHandle OpenBeneath(SafeFileHandle folder, string path, int flags)
    {
        var error = TryOpenBeneath(folder, path, flags, out var handle);
        return error == Errno.None ? handle : throw new SyscallException("openat2", path, error);
    }

    internal static Errno TryOpenBeneath(SafeFileHandle folder, string path, int flags, out SafeFileHandle handle)
    {
        const ulong Resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
        string name = path.Length == 0 ? "." : path;
        if (TryOpenat2(folder, name, flags, 0, Resolve, out handle) is Errno error) return error;
        return PathWalk.OpenBeneath(folder, name, flags, out handle);
    }

    /// <summary>Makes this process do without openat2, as on an old kernel. For tests of the walk by hand.</summary>
    internal static IDisposable WithoutOpenat2()
    {
        s_noOpenat2 = true;
        return new Restore();
    }

    /// <returns>Null when this kernel, or a filter around us, has no openat2.</returns>
    private static unsafe Errno? TryOpenat2(
        SafeFileHandle folder, string path, int flags, int mode, ulong resolve, out SafeFileHandle handle)
    {
        handle = new SafeFileHandle();
        if (s_noOpenat2) return null;
        // open_how is checked strictly: a mode without O_CREAT is EINVAL.
        bool makes = (flags & O_CREAT) != 0;
        var how = new open_how { flags = (uint)(flags | O_CLOEXEC), mode = makes ? (uint)mode : 0, resolve = resolve };
        Errno error;
        do
        {
            handle = openat2(SYS_openat2, folder, path, &how, (nuint)sizeof(open_how));
            error = handle.IsInvalid ? LastError() : Errno.None;
        }
        while (error == Errno.EAGAIN);  // openat2(2): a rename raced with the resolution of ".."

        // Old container runtimes answer EPERM to every call that they do not know.
        if (error != Errno.ENOSYS && !(error == Errno.EPERM && !Openat2Works())) return error;
        s_noOpenat2 = true;
        return null;
    }

    private static unsafe bool Openat2Works()
    {
        using var root = OpenFolder("/");
        var how = new open_how { flags = (uint)(O_PATH | O_CLOEXEC), resolve = RESOLVE_NO_SYMLINKS };
        using var handle = openat2(SYS_openat2, root, ".", &how, (nuint)sizeof(open_how));
        return !handle.IsInvalid;
    }

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial SafeFileHandle openat2(
        long number, SafeFileHandle dirfd, string pathname, open_how* how, nuint size);

    /// <summary>Ends <see cref="WithoutOpenat2"/>.</summary>
    private sealed class Restore : IDisposable
    {
        public void Dispose() => s_noOpenat2 = false;
    }
}
