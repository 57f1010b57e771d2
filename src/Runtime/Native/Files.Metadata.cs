using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Owner, mode, times, extended attributes and status.</summary>
public static partial class Files
{
    /// <summary>Of the open file itself.</summary>
    internal static FileStatus Status(SafeFileHandle file)
    {
        Check(TryStatus(file, "", out var status), "statx", "descriptor");
        return status;
    }

    /// <summary>Whether a pipe, a device or a socket stands under a path, behind links or not.</summary>
    public static bool IsSpecial(string path)
    {
        using var handle = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0);
        return !handle.IsInvalid && Status(handle) is { IsFile: false, IsFolder: false };
    }

    /// <summary>Of a name in a folder; a link is not followed.</summary>
    internal static FileStatus Status(SafeFileHandle folder, string name)
    {
        Check(TryStatus(folder, name, out var status), "statx", name);
        return status;
    }

    internal static unsafe Errno TryStatus(SafeFileHandle folder, string name, out FileStatus status)
    {
        statx_buffer buffer = default;
        int returned = statx(folder, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_BASIC_STATS, &buffer);
        status = returned == 0 ? FileStatus.From(buffer) : default;
        return Result(returned);
    }

    internal static void SetMode(SafeFileHandle file, int mode, string subject) =>
        Check(Result(fchmod(file, (uint)mode)), "fchmod", subject);

    /// <summary>Also for what can be opened with O_PATH only: a folder or file without any permission.</summary>
    internal static Errno TrySetModeOfPath(SafeFileHandle path, int mode) =>
        Result(fchmodat(AT_FDCWD, $"/proc/self/fd/{path.DangerousGetHandle()}", (uint)mode, 0));

    internal static void SetOwner(SafeFileHandle file, uint owner, uint group, string subject) =>
        Check(Result(fchownat(file, "", owner, group, AT_EMPTY_PATH)), "fchownat", subject);

    /// <summary>Of a name in a folder; a link is not followed.</summary>
    internal static void SetOwnerOf(SafeFileHandle folder, string name, uint owner, uint group) =>
        Check(Result(fchownat(folder, name, owner, group, AT_SYMLINK_NOFOLLOW)), "fchownat", name);

    /// <summary>Sets the time of last modification; that of last access stays.</summary>
    internal static unsafe void SetModified(SafeFileHandle file, FileTime time, string subject)
    {
        timespec* times = stackalloc timespec[2];
        Fill(times, time);
        Check(Result(futimens(file, times)), "futimens", subject);
    }

    /// <summary>Of a name in a folder; a link is not followed.</summary>
    internal static unsafe void SetModifiedOf(SafeFileHandle folder, string name, FileTime time)
    {
        timespec* times = stackalloc timespec[2];
        Fill(times, time);
        Check(Result(utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW)), "utimensat", name);
    }

    internal static unsafe Errno TrySetXattr(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* start = value) return Result(fsetxattr(file, name, start, (nuint)value.Length, 0));
    }

    /// <summary>Names of the extended attributes, sorted by their bytes; none where the file system has none.</summary>
    internal static unsafe IReadOnlyList<string> ListXattrs(SafeFileHandle file, string subject)
    {
        nint needed = flistxattr(file, null, 0);
        if (needed < 0 && LastError() is Errno.EOPNOTSUPP or Errno.EPERM) return [];
        Check(Result(needed), "flistxattr", subject);
        if (needed == 0) return [];
        byte[] names = new byte[needed];
        nint length;
        fixed (byte* start = names) length = flistxattr(file, start, (nuint)names.Length);
        Check(Result(length), "flistxattr", subject);
        string[] split = Encoding.UTF8.GetString(names, 0, (int)length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(split, string.CompareOrdinal);
        return split;
    }

    /// <summary>The value, or null when the attribute is not there (any more).</summary>
    internal static unsafe byte[]? FindXattr(SafeFileHandle file, string name, string subject)
    {
        nint needed = fgetxattr(file, name, null, 0);
        if (needed < 0 && LastError() is Errno.ENODATA or Errno.EOPNOTSUPP) return null;
        Check(Result(needed), "fgetxattr", subject);
        byte[] value = new byte[needed];
        nint length;
        fixed (byte* start = value) length = fgetxattr(file, name, start, (nuint)value.Length);
        Check(Result(length), "fgetxattr", subject);
        return value[..(int)length];
    }

    /// <summary>Whether this process may, by its effective user and group.</summary>
    /// <param name="wanted"><see cref="R_OK"/> and its like.</param>
    internal static bool MayAccess(SafeFileHandle folder, string name, int wanted) =>
        faccessat(folder, name, wanted, AT_EACCESS | AT_SYMLINK_NOFOLLOW) == 0;

    private static unsafe void Fill(timespec* times, FileTime modified)
    {
        times[0] = new timespec { tv_nsec = timespec.UTIME_OMIT };
        times[1] = new timespec { tv_sec = modified.Seconds, tv_nsec = modified.Nanoseconds };
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(
        SafeFileHandle dirfd, string pathname, int flags, uint mask, statx_buffer* statxbuf);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fchmod(SafeFileHandle fd, uint mode);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fchmodat(int dirfd, string pathname, uint mode, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fchownat(SafeFileHandle dirfd, string pathname, uint owner, uint group, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int futimens(SafeFileHandle fd, timespec* times);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int utimensat(SafeFileHandle dirfd, string pathname, timespec* times, int flags);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int fsetxattr(SafeFileHandle fd, string name, byte* value, nuint size, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial nint flistxattr(SafeFileHandle fd, byte* list, nuint size);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial nint fgetxattr(SafeFileHandle fd, string name, byte* value, nuint size);

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int faccessat(SafeFileHandle dirfd, string pathname, int mode, int flags);
}
