using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

public static partial class Files
{
    // fcntl.h. O_DIRECTORY and O_NOFOLLOW have other values on arm64 (asm/fcntl.h there).
    internal const int O_RDONLY = 0x0;
    internal const int O_WRONLY = 0x1;
    internal const int O_RDWR = 0x2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;
    internal static readonly int O_DIRECTORY = IsArm64 ? Arm64.O_DIRECTORY : X64.O_DIRECTORY;
    internal static readonly int O_NOFOLLOW = IsArm64 ? Arm64.O_NOFOLLOW : X64.O_NOFOLLOW;

    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_EACCESS = 0x200;
    internal const int AT_EMPTY_PATH = 0x1000;

    // unistd.h
    internal const int R_OK = 4;
    internal const int W_OK = 2;
    internal const int X_OK = 1;

    // linux/openat2.h
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x2;
    internal const ulong RESOLVE_NO_SYMLINKS = 0x4;
    internal const ulong RESOLVE_BENEATH = 0x8;
    internal const ulong RESOLVE_IN_ROOT = 0x10;

    // sys/stat.h
    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFSOCK = 0xC000;
    internal const uint S_IFLNK = 0xA000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFBLK = 0x6000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFCHR = 0x2000;
    internal const uint S_IFIFO = 0x1000;

    // linux/stat.h
    internal const uint STATX_BASIC_STATS = 0x7FF;
    internal const ulong STATX_ATTR_MOUNT_ROOT = 0x2000;

    // stdio.h, linux/fs.h
    internal const uint RENAME_NOREPLACE = 0x1;
    internal const uint RENAME_EXCHANGE = 0x2;
    internal const nuint FICLONE = 0x40049409;

    // sys/file.h
    internal const int LOCK_SH = 1;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;
    internal const int LOCK_UN = 8;

    // dirent.h
    internal const byte DT_UNKNOWN = 0;
    internal const byte DT_DIR = 4;

    // asm/unistd.h: what glibc has no wrapper for, or has it only of late.
    internal const long SYS_openat2 = 437;
    internal static readonly long SYS_getdents64 = IsArm64 ? Arm64.SYS_getdents64 : X64.SYS_getdents64;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>What has another value on arm64.</summary>
    internal static class Arm64
    {
        internal const int O_DIRECTORY = 0x4000;
        internal const int O_NOFOLLOW = 0x8000;
        internal const long SYS_getdents64 = 61;
    }

    /// <summary>The same on x86-64.</summary>
    internal static class X64
    {
        internal const int O_DIRECTORY = 0x10000;
        internal const int O_NOFOLLOW = 0x20000;
        internal const long SYS_getdents64 = 217;
    }

    /// <summary>linux/openat2.h: <c>struct open_how</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct open_how
    {
        public ulong flags;
        public ulong mode;
        public ulong resolve;
    }

    /// <summary>time.h: <c>struct timespec</c> on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct timespec
    {
        public long tv_sec;
        public long tv_nsec;

        /// <summary>linux/stat.h: leave this time as it is.</summary>
        public const long UTIME_OMIT = (1L << 30) - 2;
    }

    /// <summary>linux/stat.h: <c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct statx_timestamp
    {
        public long tv_sec;
        public uint tv_nsec;
        public int __reserved;
    }

    /// <summary>linux/stat.h: <c>struct statx</c>, the same on every architecture; its last members are not read.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    internal struct statx_buffer
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort __spare0;
        public ulong stx_ino;
        public ulong stx_size;
        public ulong stx_blocks;
        public ulong stx_attributes_mask;
        public statx_timestamp stx_atime;
        public statx_timestamp stx_btime;
        public statx_timestamp stx_ctime;
        public statx_timestamp stx_mtime;
        public uint stx_rdev_major;
        public uint stx_rdev_minor;
        public uint stx_dev_major;
        public uint stx_dev_minor;
        public ulong stx_mnt_id;
    }

    /// <summary>sys/statvfs.h: <c>struct statvfs</c> on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    internal struct statvfs_buffer
    {
        public ulong f_bsize;
        public ulong f_frsize;
        public ulong f_blocks;
        public ulong f_bfree;
        public ulong f_bavail;
        public ulong f_files;
        public ulong f_ffree;
        public ulong f_favail;
        public ulong f_fsid;
        public ulong f_flag;
        public ulong f_namemax;
    }
}
