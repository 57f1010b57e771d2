using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>A path in a mounted folder as lstat(2) saw it at one moment.</summary>
internal sealed record ScannedEntry
{
    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    public required FileKind Kind { get; init; }

    /// <summary>Permission bits with set-uid, set-gid and sticky.</summary>
    public required int Mode { get; init; }

    /// <summary>In bytes; 0 for what is no regular file.</summary>
    public long Size { get; init; }

    /// <summary>Of a symbolic link.</summary>
    public string? Target { get; init; }

    public ulong Inode { get; init; }

    public ulong FileSystem { get; init; }

    public FileTime Modified { get; init; }

    /// <summary>The one time that no program can set.</summary>
    public FileTime Changed { get; init; }

    /// <summary>Four octal digits, as records have it.</summary>
    public string OctalMode => Convert.ToString(Mode, 8).PadLeft(4, '0');

    public FileIdentity Identity => new(FileSystem, Inode, Size, Modified, Changed);

    /// <summary>Whether nothing has touched the file between this sight of it and another.</summary>
    public bool IsUntouchedIn(in FileStatus status) =>
        Inode == status.Inode && FileSystem == status.FileSystem && Size == status.Size
        && Modified == status.Modified && Changed == status.Changed;

    public static ScannedEntry Of(string path, in FileStatus status, string? target) => new()
    {
        Path = path,
        Kind = KindOf(status.Type),
        Mode = status.Mode,
        Size = status.IsFile ? status.Size : 0,
        Target = target,
        Inode = status.Inode,
        FileSystem = status.FileSystem,
        Modified = status.Modified,
        Changed = status.Changed,
    };

    internal static FileKind KindOf(uint type) => type switch
    {
        Files.S_IFREG => FileKind.File,
        Files.S_IFDIR => FileKind.Folder,
        Files.S_IFLNK => FileKind.Link,
        Files.S_IFIFO => FileKind.Fifo,
        Files.S_IFSOCK => FileKind.Socket,
        _ => FileKind.Device,
    };
}
