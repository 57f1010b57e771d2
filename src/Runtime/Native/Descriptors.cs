using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Pipes and what else one descriptor can be asked: unistd.h, poll.h, fcntl.h, linux/kcmp.h.</summary>
internal static partial class Descriptors
{
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_SETPIPE_SZ = 1031;
    internal const int O_APPEND = 0x400;
    internal const int SEEK_CUR = 1;
    internal const int SEEK_SET = 0;
    internal const int SEEK_END = 2;
    internal const int SEEK_DATA = 3;
    internal const int SEEK_HOLE = 4;
    internal const int KCMP_FILE = 0;
    internal const short POLLIN = 0x1;
    internal const short POLLOUT = 0x4;
    private const string Libc = "libc";

    private static readonly long SYS_kcmp = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 272 : 312;

    /// <summary>One of our own standard descriptors, which stays open when the handle is disposed of.</summary>
    internal static SafeFileHandle Standard(int number) => new(number, ownsHandle: false);

    /// <summary>A pipe, both ends close-on-exec.</summary>
    internal static unsafe (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        int* ends = stackalloc int[2];
        return pipe2(ends, Files.O_CLOEXEC) == 0
            ? (new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true))
            : throw SyscallException.FromLastError("pipe2");
    }

    /// <summary>A second descriptor of the same open file, close-on-exec, numbered above those that programs expect.</summary>
    internal static SafeFileHandle DuplicateHigh(SafeFileHandle file)
    {
        const int Lowest = 100;
        int number = fcntl(file, F_DUPFD_CLOEXEC, Lowest);
        return number >= 0 ? new SafeFileHandle(number, true) : throw SyscallException.FromLastError("fcntl", "F_DUPFD_CLOEXEC");
    }

    /// <summary>Asks for room for more bytes than the usual 64 KiB; the kernel may refuse.</summary>
    internal static void Widen(SafeFileHandle pipe, int bytes) => _ = fcntl(pipe, F_SETPIPE_SZ, bytes);

    internal static void SetNonBlocking(SafeFileHandle file) =>
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL, 0) | Files.O_NONBLOCK);

    internal static bool IsOpen(SafeFileHandle file) => fcntl(file, F_GETFL, 0) >= 0;

    internal static bool IsAppending(SafeFileHandle file) =>
        fcntl(file, F_GETFL, 0) is var flags && flags >= 0 && (flags & O_APPEND) != 0;

    internal static bool IsTerminal(SafeFileHandle file) => isatty(file) == 1;

    /// <summary>Where reading goes on, in bytes; null for what has no place, as a pipe.</summary>
    internal static long? Position(SafeFileHandle file) => lseek(file, 0, SEEK_CUR) is var position && position < 0 ? null : position;

    /// <summary>Sets where reading goes on, in bytes from the start.</summary>
    internal static void Seek(SafeFileHandle file, long position, string subject)
    {
        if (lseek(file, position, SEEK_SET) < 0) throw SyscallException.FromLastError("lseek", subject);
    }

    /// <summary>Whether two descriptors are one open file, as after 2>&amp;1; null when the kernel does not tell.</summary>
    internal static bool? IsSameOpenFile(SafeFileHandle one, SafeFileHandle other)
    {
        long process = Environment.ProcessId;
        long order = kcmp(SYS_kcmp, process, process, KCMP_FILE, one.DangerousGetHandle(), other.DangerousGetHandle());
        return order < 0 ? null : order == 0;
    }

    /// <summary>Waits until a descriptor can be read or written, or its other end is gone.</summary>
    /// <param name="events"><see cref="POLLIN"/> or <see cref="POLLOUT"/>.</param>
    /// <param name="timeoutMilliseconds">-1 for ever.</param>
    /// <returns>False when the time is over.</returns>
    internal static bool Wait(SafeFileHandle file, short events, int timeoutMilliseconds)
    {
        Span<pollfd> entries = [new() { fd = (int)file.DangerousGetHandle(), events = events }];
        return Wait(entries, timeoutMilliseconds);
    }

    /// <summary>Reads what is there, up to the buffer's length; 0 at the end.</summary>
    internal static unsafe Errno TryRead(SafeFileHandle file, Span<byte> buffer, out int length)
    {
        while (true)
        {
            nint read;
            fixed (byte* start = buffer) read = Descriptors.read(file, start, (nuint)buffer.Length);
            length = (int)Math.Max(read, 0);
            var error = read < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
            if (error != Errno.EINTR) return error;
        }
    }

    /// <summary>Reads one of the records that a device gives out one at a time.</summary>
    /// <param name="length">In bytes; 0 for one that was overwritten before it was read.</param>
    /// <returns>False when there is none at the moment.</returns>
    internal static bool TryReadRecord(SafeFileHandle device, Span<byte> buffer, out int length) =>
        TryRead(device, buffer, out length) switch
        {
            Errno.None => length > 0,
            Errno.EPIPE => true,
            _ => false,
        };

    /// <summary>Opens a device to read what it will give out from now on, without waiting for it.</summary>
    /// <returns>Null where that is not allowed, or it is not there.</returns>
    internal static unsafe SafeFileHandle? TryOpenAtEnd(string path)
    {
        int descriptor;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            descriptor = Native.Libc.openat(Files.AT_FDCWD, name, Files.O_CLOEXEC | Native.Libc.O_NONBLOCK, 0);
        }

        if (descriptor < 0) return null;
        var device = new SafeFileHandle(descriptor, ownsHandle: true);
        if (lseek(device, 0, SEEK_END) >= 0) return device;
        device.Dispose();
        return null;
    }

    /// <summary>Writes all of it, and waits where a non-blocking descriptor is full.</summary>
    /// <param name="patienceMilliseconds">How long to wait for room each time; ETIMEDOUT after that; -1 for ever.</param>
    internal static unsafe Errno TryWriteAll(SafeFileHandle file, ReadOnlySpan<byte> content, int patienceMilliseconds = -1)
    {
        while (!content.IsEmpty)
        {
            nint written;
            fixed (byte* start = content) written = write(file, start, (nuint)content.Length);
            if (written >= 0)
            {
                content = content[(int)written..];
                continue;
            }

            var error = (Errno)Marshal.GetLastPInvokeError();
            if (error == Errno.EAGAIN)
            {
                if (!Wait(file, POLLOUT, patienceMilliseconds)) return Errno.ETIMEDOUT;
            }
            else if (error != Errno.EINTR)
            {
                return error;
            }
        }

        return Errno.None;
    }

    /// <summary>How many of a file's bytes are in holes, as far as its file system tells; of a very scattered file not all are counted.</summary>
    /// <param name="sizeBytes">The file's.</param>
    internal static long HoleBytes(SafeFileHandle file, long sizeBytes)
    {
        const int MaxHoles = 100_000;
        long holes = 0;
        long offset = 0;
        for (int count = 0; offset < sizeBytes && count < MaxHoles; count++)
        {
            long hole = lseek(file, offset, SEEK_HOLE);
            if (hole < 0 || hole >= sizeBytes) break;

            // ENXIO: there is no more data, and the hole goes on to the end.
            long data = lseek(file, hole, SEEK_DATA);
            offset = data < 0 ? sizeBytes : data;
            holes += offset - hole;
        }

        return holes;
    }

    private static unsafe bool Wait(Span<pollfd> entries, int timeoutMilliseconds)
    {
        while (true)
        {
            int ready;
            fixed (pollfd* first = entries) ready = poll(first, (nuint)entries.Length, timeoutMilliseconds);
            if (ready >= 0)
            {
                return ready > 0;
            }

            if ((Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SyscallException.FromLastError("poll");
            }
        }
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int pipe2(int* pipefd, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int fcntl(SafeFileHandle fd, int cmd, nint arg);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int isatty(SafeFileHandle fd);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial long lseek(SafeFileHandle fd, long offset, int whence);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int poll(pollfd* fds, nuint nfds, int timeout);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial nint read(SafeFileHandle fd, byte* buf, nuint count);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial nint write(SafeFileHandle fd, byte* buf, nuint count);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long kcmp(long number, long pid1, long pid2, long type, nint idx1, nint idx2);

    /// <summary>poll.h: <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct pollfd
    {
        public int fd;
        public short events;
        public short revents;
    }
}
