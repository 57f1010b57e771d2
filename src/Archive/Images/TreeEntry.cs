using System.Text.Json.Serialization;

namespace Provenance.Archive.Images;

/// <summary>One file of an unpacked image. One JSON line of the tree manifest, which is sorted by the UTF-8 bytes of the path.</summary>
/// <remarks>Owner, times and compression are left out on purpose: the same files have the same tree digest however they were packed.
/// The members stand in the order of RFC 8785 §3.2.3, so that a line need not be sorted when it is written.</remarks>
public sealed record TreeEntry
{
    /// <summary>Major and minor number of a device, as <c>1:3</c>.</summary>
    public string? Device { get; init; }

    /// <summary>Permission bits with set-uid, set-gid and sticky, octal: <c>4755</c>, <c>0644</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Relative, without a leading slash; the root itself has no entry.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of a regular file's content, lowercase hex.</summary>
    [JsonConverter(typeof(Records.Sha256HexJsonConverter))]
    public string? Sha256 { get; init; }

    /// <summary>Size of a regular file, in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Target of a symbolic link, as it stands.</summary>
    public string? Target { get; init; }

    public required TreeEntryType Type { get; init; }

    /// <summary>Extended attributes in order of name; null when there are none.</summary>
    public IReadOnlyList<TreeXattr>? Xattrs { get; init; }
}
