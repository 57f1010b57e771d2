using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Calls with paths of plain bytes, which need not be UTF-8, and bare descriptors, which cost nothing to hold.</summary>
internal static unsafe partial class Libc
{
    public const int SO_TYPE = 3, SO_PROTOCOL = 38, MSG_CMSG_CLOEXEC = 0x40000000;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int openat(int dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint readlinkat(int dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int statx(int dirfd, byte* pathname, int flags, uint mask, Files.statx_buffer* statxbuf);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fstatfs(int fd, long* buf);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint pread(int fd, void* buf, nuint count, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockopt(int sockfd, int level, int optname, void* optval, uint* optlen);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint process_vm_readv(
        int pid, IoVector* local_iov, nuint liovcnt, IoVector* remote_iov, nuint riovcnt, nuint flags);
}
