using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Writes regular files in a folder of ours: content with holes, then owner, attributes, mode and time.</summary>
internal sealed class FileWriter
{
    /// <summary>A run of zeros this long becomes a hole. Smaller holes would cost more in extents than they save.</summary>
    private const int HoleBytes = 64 * 1024;
    private const int AnyMode = 0b111_111_111;
    private const int Private = 0b110_000_000;

    private readonly SafeFileHandle _folder;
    private readonly int _maskedBits;
    private readonly uint _user;
    private readonly uint _group;

    /// <param name="folder">Where files are made; empty.</param>
    public FileWriter(SafeFileHandle folder)
    {
        const string Probe = ".probe";
        _folder = folder;
        using var file = Files.Open(folder, Probe, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, AnyMode);
        var status = Files.Status(file);
        _maskedBits = AnyMode & ~status.Mode;
        _user = status.Owner;
        _group = status.Group;
        Files.Remove(folder, Probe);
    }

    /// <summary>Makes a whole file.</summary>
    public void Write(string name, ReadOnlySpan<byte> content, in DiskMetadata metadata)
    {
        // The final mode at once where nothing has to be done in between that it would forbid: one call less for most files.
        int mode = metadata.Xattrs.Count == 0 ? metadata.Mode & AnyMode : Private;
        using var file = Create(name, mode);
        Append(file, content, 0, name);
        Finish(file, content.Length, metadata, mode, name);
    }

    /// <summary>Makes a file that is written piece by piece.</summary>
    public SafeFileHandle Create(string name) => Create(name, Private);

    /// <summary>Writes a piece; long runs of zeros are left out.</summary>
    public static void Append(SafeFileHandle file, ReadOnlySpan<byte> content, long offset, string name)
    {
        int start = 0;
        for (int at = 0; at + HoleBytes <= content.Length; at += HoleBytes)
        {
            if (content.Slice(at, HoleBytes).ContainsAnyExcept((byte)0))
                continue;
            Files.Write(file, content[start..at], offset + start, name);
            start = at + HoleBytes;
        }

        Files.Write(file, content[start..], offset + start, name);
    }

    /// <summary>Ends what <see cref="Create(string)"/> began: the size, so that a hole at the end counts, and the metadata.</summary>
    public void Finish(SafeFileHandle file, long size, in DiskMetadata metadata, string name) =>
        Finish(file, size, metadata, Private, name);

    private void Finish(SafeFileHandle file, long size, in DiskMetadata metadata, int createdMode, string name)
    {
        if (size >= HoleBytes)
            Files.SetLength(file, size, name);
        // Before the mode: an attribute of a file that forbids writing cannot be set.
        foreach (var xattr in metadata.Xattrs)
            SetXattr(file, xattr.Name, xattr.Value.Span, name);
        if (metadata.Owner is var (user, group) && (user != _user || group != _group))
            Files.SetOwner(file, user, group, name);
        if (metadata.Mode != (createdMode & ~_maskedBits))
            Files.SetMode(file, metadata.Mode, name);
        Files.SetModified(file, metadata.Modified, name);
    }

    /// <summary>Sets a <c>user.*</c> attribute where the file system can: what it cannot hold is in the tree manifest alone.</summary>
    public static void SetXattr(SafeFileHandle file, string xattr, ReadOnlySpan<byte> value, string name)
    {
        var error = Files.TrySetXattr(file, xattr, value);
        // xattr(7): not supported, forbidden by a mount option, or more than fits beside the inode.
        if (error is not (Errno.None or Errno.EOPNOTSUPP or Errno.EPERM or Errno.ENOSPC or Errno.E2BIG or Errno.ERANGE))
            throw new SyscallException("fsetxattr", name, error);
    }

    private SafeFileHandle Create(string name, int mode) =>
        Files.Open(_folder, name, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, mode);
}
