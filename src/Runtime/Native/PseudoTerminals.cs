using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Pseudo-terminals and window sizes: termios.h, asm-generic/ioctls.h (the same on x86-64 and arm64).</summary>
internal static partial class PseudoTerminals
{
    internal const int O_NOCTTY = 0x100;
    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;
    internal const nuint TIOCSPTLCK = 0x40045431;
    internal const nuint TIOCGPTN = 0x80045430;
    private const int TCSANOW = 0;
    private const string Libc = "libc";

    /// <summary>Longer than any <c>struct termios</c>; nothing in it is read here.</summary>
    private const int TermiosBytes = 128;

    /// <summary>A new pair in raw mode: what is written to the slave comes out of the master unchanged.</summary>
    /// <param name="isRaw">False leaves the modes that a terminal has at first: lines are edited, and ^D is the end.</param>
    internal static unsafe (SafeFileHandle Master, SafeFileHandle Slave) Open(bool isRaw = true)
    {
        var master = open("/dev/ptmx", Files.O_RDWR | O_NOCTTY | Files.O_CLOEXEC);
        int unlock = 0;
        uint number = 0;
        if (master.IsInvalid || ioctl(master, TIOCSPTLCK, &unlock) < 0 || ioctl(master, TIOCGPTN, &number) < 0)
        {
            throw Failed("/dev/ptmx", master);
        }

        string path = $"/dev/pts/{number}";
        var slave = open(path, Files.O_RDWR | O_NOCTTY | Files.O_CLOEXEC);
        byte* termios = stackalloc byte[TermiosBytes];
        if (slave.IsInvalid || tcgetattr(slave, termios) < 0)
        {
            throw Failed(path, master, slave);
        }

        if (!isRaw)
        {
            return (master, slave);
        }

        cfmakeraw(termios);
        return tcsetattr(slave, TCSANOW, termios) == 0 ? (master, slave) : throw Failed(path, master, slave);
    }

    /// <summary>All of <c>struct termios</c>; null for what is no terminal.</summary>
    internal static unsafe byte[]? GetModes(SafeFileHandle terminal)
    {
        byte[] modes = new byte[TermiosBytes];
        fixed (byte* termios = modes)
        {
            return tcgetattr(terminal, termios) == 0 ? modes : null;
        }
    }

    internal static unsafe void SetModes(SafeFileHandle terminal, byte[] modes)
    {
        fixed (byte* termios = modes)
        {
            _ = tcsetattr(terminal, TCSANOW, termios);
        }
    }

    /// <summary>The same without ECHO, and with a line feed shown where the person ends the line.</summary>
    internal static byte[] WithoutEcho(byte[] modes)
    {
        // asm-generic/termbits.h: c_lflag is the fourth member, each of four bytes.
        const int LocalFlags = 12;
        const byte Echo = 0x08;
        const byte EchoLineFeed = 0x40;
        byte[] changed = [.. modes];
        changed[LocalFlags] = (byte)((changed[LocalFlags] & ~Echo) | EchoLineFeed);
        return changed;
    }

    /// <summary>Gives one terminal the size of another.</summary>
    /// <returns>True when it had another size before.</returns>
    internal static unsafe bool CopySize(SafeFileHandle from, SafeFileHandle to)
    {
        if (SizeOf(from) is not { } wanted || SizeOf(to) == wanted)
        {
            return false;
        }

        return ioctl(to, TIOCSWINSZ, &wanted) == 0;
    }

    internal static unsafe void SetSize(SafeFileHandle terminal, TerminalSize size)
    {
        ulong wanted = Clamped(size.Rows) | (Clamped(size.Columns) << 16);
        _ = ioctl(terminal, TIOCSWINSZ, &wanted);
    }

    /// <summary>Null for what is no terminal.</summary>
    internal static TerminalSize? GetSize(SafeFileHandle terminal) =>
        SizeOf(terminal) is { } size ? new TerminalSize((ushort)size, (ushort)(size >> 16)) : null;

    /// <summary>Width of a terminal, in columns; null for what is no terminal, or does not say.</summary>
    internal static int? ColumnsOf(SafeFileHandle terminal) => GetSize(terminal) is { Columns: > 0 and var columns } ? columns : null;

    /// <summary>All of <c>struct winsize</c>, four unsigned shorts; null for what is no terminal.</summary>
    private static unsafe ulong? SizeOf(SafeFileHandle terminal)
    {
        ulong size = 0;
        return ioctl(terminal, TIOCGWINSZ, &size) < 0 ? null : size;
    }

    private static ulong Clamped(int characters) => (ulong)Math.Clamp(characters, 0, ushort.MaxValue);

    private static SyscallException Failed(string path, params SafeFileHandle[] opened)
    {
        var failure = SyscallException.FromLastError("open", path);
        foreach (var handle in opened)
        {
            handle.Dispose();
        }

        return failure;
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string pathname, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int ioctl(SafeFileHandle fd, nuint request, void* argument);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int tcgetattr(SafeFileHandle fd, byte* termios);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int tcsetattr(SafeFileHandle fd, int actions, byte* termios);

    [LibraryImport(Libc)]
    private static unsafe partial void cfmakeraw(byte* termios);
}
