using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>What tells that a file has not been touched between two looks at it, without reading it.</summary>
/// <param name="FileSystem">As <see cref="FileStatus.FileSystem"/>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Changed">The one time that no program can set.</param>
internal readonly record struct FileIdentity(
    ulong FileSystem, ulong Inode, long Size, FileTime Modified, FileTime Changed)
{
    public static FileIdentity Of(in FileStatus status) =>
        new(status.FileSystem, status.Inode, status.Size, status.Modified, status.Changed);

    /// <summary>Whether it is the same file with as many bytes, whatever its times: chmod and touch change those.</summary>
    public bool IsSameFileAs(in FileIdentity other) =>
        FileSystem == other.FileSystem && Inode == other.Inode && Size == other.Size;
}
