using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Asks the kernel what stands at a path: type, execute bits, link target.</summary>
internal static unsafe class FileStatus
{
    private const int MaxPathBytes = 4096;

    public static FileNode Look(string path)
    {
        if (Stat.Mode(path) is not { } mode)
            return new FileNode(FileKind.Missing);
        return (mode & Stat.S_IFMT) switch
        {
            Stat.S_IFDIR => new FileNode(FileKind.Folder),
            Stat.S_IFREG => new FileNode(FileKind.File, Executable: (mode & Stat.AnyExecute) != 0),
            Stat.S_IFLNK => new FileNode(FileKind.Link, ReadLink(path)),
            _ => new FileNode(FileKind.Special),
        };
    }

    public static bool CanWrite(string path) => Libc.access(path, Libc.W_OK) == 0;

    /// <summary>The text of a symbolic link, also of those that the kernel makes up in /proc.</summary>
    public static string ReadLink(string path)
    {
        byte* buffer = stackalloc byte[MaxPathBytes];
        nint length = Libc.readlink(path, buffer, MaxPathBytes);
        return length >= 0
            ? Encoding.UTF8.GetString(buffer, (int)length)
            : throw SyscallException.FromLastError("readlink", path);
    }
}
