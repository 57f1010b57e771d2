using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>One file of a folder that is to be packed, as it was when the folder was looked through.</summary>
internal sealed class PackedEntry
{
    /// <summary>Relative to the folder; empty for the folder itself.</summary>
    public required string Path { get; init; }

    public required FileStatus Status { get; init; }

    /// <summary>Of a symbolic link, as it stands.</summary>
    public string? Target { get; init; }

    /// <summary>An entry packed before that is the same file under another name.</summary>
    public string? HardLinkTo { get; set; }

    /// <summary>Nothing is packed of it but what <see cref="Status"/> says, and its content: a folder is not opened, no attribute read.</summary>
    public bool IsPlain { get; init; }

    /// <summary>By the bytes of the names on the way: a folder's files follow it at once, and tar sets a folder's time when it leaves it.</summary>
    public byte[] SortKey => field ??= Encoding.UTF8.GetBytes(Path.Replace('/', '\0'));
}
