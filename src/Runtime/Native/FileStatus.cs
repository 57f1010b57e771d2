namespace Provenance.Runtime.Native;

/// <summary>What statx(2) says of a file.</summary>
internal readonly record struct FileStatus
{
    /// <summary>stat(3type): what st_blocks counts in, whatever the file system's own block size.</summary>
    internal const int BlockBytes = 512;

    /// <summary>The type, one of <c>Files.S_IF*</c>.</summary>
    public required uint Type { get; init; }

    /// <summary>Permission bits with set-uid, set-gid and sticky.</summary>
    public required int Mode { get; init; }

    public required uint Owner { get; init; }

    public required uint Group { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Blocks allocated, of <see cref="BlockBytes"/> each; holes have none.</summary>
    public required long Blocks { get; init; }

    public required uint LinkCount { get; init; }

    public required ulong Inode { get; init; }

    /// <summary>The file system, as major and minor number in one.</summary>
    public required ulong FileSystem { get; init; }

    /// <summary>Of a device node.</summary>
    public required uint DeviceMajor { get; init; }

    public required uint DeviceMinor { get; init; }

    public required FileTime Modified { get; init; }

    public required FileTime Changed { get; init; }

    /// <summary>Something is mounted here; null where the kernel does not say (before 5.8).</summary>
    public required bool? IsMountPoint { get; init; }

    public bool IsFolder => Type == Files.S_IFDIR;

    public bool IsFile => Type == Files.S_IFREG;

    public bool IsLink => Type == Files.S_IFLNK;

    internal static FileStatus From(in Files.statx_buffer buffer) => new()
    {
        Type = buffer.stx_mode & Files.S_IFMT,
        Mode = buffer.stx_mode & 0xFFF,
        Owner = buffer.stx_uid,
        Group = buffer.stx_gid,
        Size = (long)buffer.stx_size,
        Blocks = (long)buffer.stx_blocks,
        LinkCount = buffer.stx_nlink,
        Inode = buffer.stx_ino,
        FileSystem = ((ulong)buffer.stx_dev_major << 32) | buffer.stx_dev_minor,
        DeviceMajor = buffer.stx_rdev_major,
        DeviceMinor = buffer.stx_rdev_minor,
        Modified = new(buffer.stx_mtime.tv_sec, (int)buffer.stx_mtime.tv_nsec),
        Changed = new(buffer.stx_ctime.tv_sec, (int)buffer.stx_ctime.tv_nsec),
        IsMountPoint = (buffer.stx_attributes_mask & Files.STATX_ATTR_MOUNT_ROOT) == 0
            ? null
            : (buffer.stx_attributes & Files.STATX_ATTR_MOUNT_ROOT) != 0,
    };
}
