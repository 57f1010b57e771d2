using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Bytes of files, their durability, and locks.</summary>
public static partial class Files
{
    /// <summary>Writes all of it at an offset.</summary>
    internal static unsafe void Write(SafeFileHandle file, ReadOnlySpan<byte> content, long offset, string subject)
    {
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* start = content) written = pwrite(file, start, (nuint)content.Length, offset);
            if (written < 0 && LastError() == Errno.EINTR) continue;
            Check(Result(written), "pwrite", subject);
            content = content[(int)written..];
            offset += written;
        }
    }

    /// <summary>Reads up to as much as the buffer holds; 0 at the end of the file.</summary>
    internal static unsafe int Read(SafeFileHandle file, Span<byte> buffer, long offset, string subject)
    {
        while (true)
        {
            nint length;
            fixed (byte* start = buffer) length = pread(file, start, (nuint)buffer.Length, offset);
            if (length < 0 && LastError() == Errno.EINTR) continue;
            Check(Result(length), "pread", subject);
            return (int)length;
        }
    }

    /// <summary>Sets the length; what lies between the last byte written and the end is a hole.</summary>
    internal static void SetLength(SafeFileHandle file, long length, string subject) =>
        Check(Result(ftruncate(file, length)), "ftruncate", subject);

    /// <summary>Makes one file share the blocks of another, where the file system can (btrfs, XFS, bcachefs).</summary>
    internal static Errno TryClone(SafeFileHandle from, SafeFileHandle to) =>
        Result(ioctl(to, FICLONE, (int)from.DangerousGetHandle()));

    /// <summary>Makes a file, or the names in a folder, durable.</summary>
    internal static void Sync(SafeFileHandle file, string subject) => Check(Result(fsync(file)), "fsync", subject);

    /// <summary>Makes all that was written to a file system durable: one call for many files.</summary>
    internal static void SyncFileSystem(SafeFileHandle anyFile, string subject) =>
        Check(Result(syncfs(anyFile)), "syncfs", subject);

    /// <summary>Takes a lock that ends with the descriptor, at the latest with the process.</summary>
    /// <param name="operation"><c>LOCK_EX</c> or <c>LOCK_SH</c>; LOCK_NB is added, so EAGAIN when another has it.</param>
    internal static Errno TryLock(SafeFileHandle file, int operation) => Result(flock(file, operation | LOCK_NB));

    internal static unsafe FileSystemStatus FileSystemOf(SafeFileHandle anyFile, string subject)
    {
        statvfs_buffer buffer = default;
        Check(Result(fstatvfs(anyFile, &buffer)), "fstatvfs", subject);
        return new((long)(buffer.f_blocks * buffer.f_frsize), (long)(buffer.f_bavail * buffer.f_frsize), buffer.f_flag);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial nint pwrite(SafeFileHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial nint pread(SafeFileHandle fd, byte* buf, nuint count, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ftruncate(SafeFileHandle fd, long length);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int ioctl(SafeFileHandle fd, nuint request, int argument);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fsync(SafeFileHandle fd);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int syncfs(SafeFileHandle fd);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int flock(SafeFileHandle fd, int operation);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int fstatvfs(SafeFileHandle fd, statvfs_buffer* buf);
}
