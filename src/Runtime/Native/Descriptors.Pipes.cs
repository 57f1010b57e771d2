using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>What is asked of pipes: pipe(7), tee(2), fcntl.h, asm-generic/ioctls.h.</summary>
internal static partial class Descriptors
{
    internal const short POLLERR = 0x8;
    internal const nuint FIONREAD = 0x541B;
    internal const uint SPLICE_F_NONBLOCK = 2;

    internal static bool IsReadOnly(SafeFileHandle file) =>
        fcntl(file, F_GETFL, 0) is var flags && flags >= 0 && (flags & (Files.O_WRONLY | Files.O_RDWR)) == 0;

    internal static bool IsNonBlocking(SafeFileHandle file) =>
        fcntl(file, F_GETFL, 0) is var flags && flags >= 0 && (flags & Files.O_NONBLOCK) != 0;

    /// <summary>Leaves a pipe room for a single piece of at most a page: then it can be written to when it is empty, and only then.</summary>
    /// <exception cref="SyscallException">It keeps more.</exception>
    internal static void Narrow(SafeFileHandle pipe)
    {
        if (!TryResize(pipe, Environment.SystemPageSize))
        {
            throw SyscallException.FromLastError("fcntl", "F_SETPIPE_SZ");
        }
    }

    /// <returns>False where the kernel does not let us, as one that has given this user many pipes.</returns>
    internal static bool TryResize(SafeFileHandle pipe, int bytes) => fcntl(pipe, F_SETPIPE_SZ, bytes) >= 0;

    /// <summary>How many bytes wait in a pipe to be read; either end can be asked.</summary>
    internal static unsafe int Unread(SafeFileHandle pipe)
    {
        int bytes = 0;
        return ioctl(pipe, FIONREAD, &bytes) == 0 ? bytes : throw SyscallException.FromLastError("ioctl", "FIONREAD");
    }

    /// <summary>Copies what is at the front of one pipe to the end of another, and leaves it where it is. Does not wait.</summary>
    /// <param name="from">Its read end.</param>
    /// <param name="to">Its write end.</param>
    /// <param name="most">In bytes.</param>
    /// <param name="length">In bytes; 0 when the one is empty and nobody can write to it any more.</param>
    internal static Errno Tee(SafeFileHandle from, SafeFileHandle to, int most, out int length)
    {
        nint copied = tee(from, to, (nuint)most, SPLICE_F_NONBLOCK);
        length = (int)Math.Max(copied, 0);
        return copied < 0 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }

    /// <exception cref="SyscallException">This host does not let us copy from pipe to pipe.</exception>
    internal static void ProveTee()
    {
        var (read, write) = Pipe();
        var (otherRead, otherWrite) = Pipe();
        using (read)
        using (write)
        using (otherRead)
        using (otherWrite)
        {
            var error = TryWriteAll(write, "?"u8);
            error = error == Errno.None ? Tee(read, otherWrite, 1, out _) : error;
            if (error != Errno.None)
            {
                throw new SyscallException("tee", "a pipe", error);
            }
        }
    }

    /// <summary>Waits until one pipe can be read, or is at its end, or nobody is left who reads from the other.</summary>
    internal static (bool IsReadable, bool IsReaderGone) WaitForEither(SafeFileHandle read, SafeFileHandle write, int timeoutMilliseconds)
    {
        Span<pollfd> entries =
        [
            new() { fd = (int)read.DangerousGetHandle(), events = POLLIN },
            new() { fd = (int)write.DangerousGetHandle() },
        ];
        Wait(entries, timeoutMilliseconds);
        return (entries[0].revents != 0, (entries[1].revents & POLLERR) != 0);
    }

    /// <summary>Waits until a pipe can be written to, or nobody is left who reads from it.</summary>
    /// <returns>False when the time is over.</returns>
    internal static bool WaitForRoom(SafeFileHandle write, int timeoutMilliseconds, out bool isReaderGone)
    {
        Span<pollfd> entries = [new() { fd = (int)write.DangerousGetHandle(), events = POLLOUT }];
        bool isReady = Wait(entries, timeoutMilliseconds);
        isReaderGone = (entries[0].revents & POLLERR) != 0;
        return isReady;
    }

    /// <summary>Shorter than Thread.Sleep can.</summary>
    internal static void Pause(int microseconds) => _ = usleep((uint)microseconds);

    /// <summary>Gives up a descriptor of our own, whose number stays taken.</summary>
    internal static void Abandon(SafeFileHandle file)
    {
        using var nothing = File.OpenHandle("/dev/null");
        _ = dup3(nothing, (int)file.DangerousGetHandle(), 0);
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial nint tee(SafeFileHandle fd_in, SafeFileHandle fd_out, nuint len, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int ioctl(SafeFileHandle fd, nuint request, void* argument);

    [LibraryImport(Libc)]
    private static partial int usleep(uint usec);

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int dup3(SafeFileHandle oldfd, int newfd, int flags);
}
