using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Files by descriptor: everything here is relative to an open folder, so that a name swapped on the way leads nowhere else.</summary>
/// <remarks>
/// <c>Try…</c> returns the error for callers that branch on it; the others throw <see cref="SyscallException"/> with the name as subject.
/// Every descriptor is opened close-on-exec. Declarations as in the man pages.
/// </remarks>
public static partial class Files
{
    private const string Libc = "libc";

    /// <summary>Makes the names in a folder durable: the FolderSync of the archive.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = OpenFolder(folder);
        Sync(handle, folder);
    }

    /// <summary>Opens a folder by its path, following links as the shell does. For paths of our own only.</summary>
    internal static SafeFileHandle OpenFolder(string path)
    {
        var handle = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        return handle.IsInvalid ? throw Failed(handle, "open", path) : handle;
    }

    /// <summary>Opens one name in a folder. A link under that name is not followed.</summary>
    /// <param name="flags"><c>O_*</c>; O_NOFOLLOW and O_CLOEXEC are added.</param>
    /// <param name="mode">Permission bits of a file that is made, before the umask.</param>
    internal static SafeFileHandle Open(SafeFileHandle folder, string name, int flags, int mode = 0)
    {
        var error = TryOpen(folder, name, flags, mode, out var handle);
        return error == Errno.None ? handle : throw new SyscallException("openat", name, error);
    }

    internal static Errno TryOpen(SafeFileHandle folder, string name, int flags, int mode, out SafeFileHandle handle)
    {
        handle = openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, (uint)mode);
        return handle.IsInvalid ? LastError(handle) : Errno.None;
    }

    /// <summary>The error of the call that has just failed; the invalid handle it returned is dropped.</summary>
    private static Errno LastError(SafeFileHandle invalid)
    {
        var error = LastError();
        invalid.Dispose();
        return error;
    }

    private static Errno LastError() => (Errno)Marshal.GetLastPInvokeError();

    private static Errno Result(long returned) => returned < 0 ? LastError() : Errno.None;

    private static SyscallException Failed(SafeFileHandle invalid, string call, string subject) =>
        new(call, subject, LastError(invalid));

    private static void Check(Errno error, string call, string subject)
    {
        if (error != Errno.None) throw new SyscallException(call, subject, error);
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle openat(int dirfd, string pathname, int flags, uint mode);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle openat(SafeFileHandle dirfd, string pathname, int flags, uint mode);
}
