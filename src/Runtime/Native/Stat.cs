using System.Runtime.InteropServices;
using System.Text;

namespace Provenance.Runtime.Native;

/// <summary>The mode of a file, by newfstatat(2), whose struct stat differs between architectures (asm/stat.h).</summary>
internal static unsafe class Stat
{
    public const uint S_IFMT = 0xF000, S_IFDIR = 0x4000, S_IFREG = 0x8000, S_IFLNK = 0xA000;

    /// <summary>The execute bits of owner, group and others.</summary>
    public const uint AnyExecute = 0x49;

    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int X64ModeOffset = 24, Arm64ModeOffset = 16;

    /// <summary>The larger one, x86-64's.</summary>
    public const int StructBytes = 144;

    private const int MaxPathBytes = 4096;

    /// <summary>Type and permissions, the last link not followed; null when there is nothing.</summary>
    public static uint? Mode(string path)
    {
        byte* name = stackalloc byte[MaxPathBytes];
        byte* stat = stackalloc byte[StructBytes];
        if (Encoding.UTF8.GetByteCount(path) >= MaxPathBytes)
            throw new SyscallException("newfstatat", path, Errno.ENAMETOOLONG);
        name[Encoding.UTF8.GetBytes(path, new Span<byte>(name, MaxPathBytes))] = 0;
        nint result = Libc.syscall(
            Syscall.Newfstatat.Number, Libc.AT_FDCWD, (nint)name, (nint)stat, AT_SYMLINK_NOFOLLOW, 0, 0);
        if (result == 0)
            return *(uint*)(stat + (RuntimeInformation.ProcessArchitecture == Architecture.X64
                ? X64ModeOffset : Arm64ModeOffset));
        return (Errno)Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR
            ? null
            : throw SyscallException.FromLastError("newfstatat", path);
    }
}
