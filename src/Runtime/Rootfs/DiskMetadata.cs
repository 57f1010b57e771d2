using System.Globalization;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>What of an image's metadata is put on disk.</summary>
/// <remarks>
/// Set-uid and set-gid of files are left to the tree manifest: containers are mounted nosuid and run with no_new_privs, so the bits could
/// only serve somebody who comes by the cache from outside. <c>security.capability</c> is left out for the same reason.
/// Owners are kept when this process may give files away, which only the real root may.
/// </remarks>
internal readonly record struct DiskMetadata
{
    private const int FileBits = 0b001_111_111_111;
    private const int FolderBits = 0b011_111_111_111;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public required int Mode { get; init; }

    /// <summary>Null when the file stays ours.</summary>
    public required (uint User, uint Group)? Owner { get; init; }

    public required FileTime Modified { get; init; }

    /// <summary>Only <c>user.*</c>.</summary>
    public required IReadOnlyList<Xattr> Xattrs { get; init; }

    public static DiskMetadata Of(FileMetadata metadata, bool keepOwner, bool isFolder = false) => new()
    {
        Mode = metadata.Mode & (isFolder ? FolderBits : FileBits),
        Owner = keepOwner ? (Id(metadata.UserId), Id(metadata.GroupId)) : null,
        Modified = TimeOf(metadata.ModifiedNanoseconds),
        Xattrs = metadata.Xattrs.Count == 0 ? [] : [.. metadata.Xattrs.Where(xattr => GoesOnDisk(xattr.Name))],
    };

    /// <summary>The permission bits of a regular file as it is unpacked.</summary>
    public static int FileMode(int mode) => mode & FileBits;

    /// <summary>The permission bits of a folder as it is unpacked.</summary>
    public static int FolderMode(int mode) => mode & FolderBits;

    public static bool GoesOnDisk(string xattr) => xattr.StartsWith("user.", StringComparison.Ordinal);

    /// <summary>Names a file whose content and metadata are these: equal names, equal files.</summary>
    /// <remarks>
    /// The time is part of it, since Python compares the time of a module with the one in its <c>.pyc</c>.
    /// Form: <c>CONTENT.MODE.SECONDS.NANOSECONDS[.USER.GROUP][.XATTRS]</c>, the first and last being SHA-256.
    /// </remarks>
    public string KeyOf(Digest content)
    {
        var key = new StringBuilder(content.Hex, 192);
        key.Append(CultureInfo.InvariantCulture, $".{Convert.ToString(Mode, 8)}.{Modified.Seconds}.{Modified.Nanoseconds}");
        if (Owner is var (user, group))
            key.Append(CultureInfo.InvariantCulture, $".{user}.{group}");
        return Xattrs.Count == 0 ? key.ToString() : key.Append('.').Append(DigestOf(Xattrs).Hex).ToString();
    }

    // chown(2): the last one means "leave as it is".
    private static uint Id(long id) =>
        id is >= 0 and < uint.MaxValue ? (uint)id : throw new HostileImageException($"owner {id}: no such id can be");

    private static Digest DigestOf(IReadOnlyList<Xattr> xattrs)
    {
        var text = new StringBuilder();
        foreach (var xattr in xattrs)
            text.Append(xattr.Name).Append('\0').Append(Convert.ToHexString(xattr.Value.Span)).Append('\0');
        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static FileTime TimeOf(long nanoseconds)
    {
        long seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out long rest);
        return rest < 0 ? new(seconds - 1, (int)(rest + NanosecondsPerSecond)) : new(seconds, (int)rest);
    }
}
