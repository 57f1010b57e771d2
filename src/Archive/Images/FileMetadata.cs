namespace Provenance.Archive.Images;

/// <summary>What an image says of a file beside its content. Of this only mode and extended attributes are part of the tree digest.</summary>
public sealed record FileMetadata
{
    /// <summary>Permission bits with set-uid, set-gid and sticky: 0 to 07777.</summary>
    public required int Mode { get; init; }

    public required long UserId { get; init; }

    public required long GroupId { get; init; }

    /// <summary>Nanoseconds since 1970-01-01 UTC; negative before.</summary>
    public required long ModifiedNanoseconds { get; init; }

    /// <summary>Size of a regular file, in bytes, holes included; 0 for all else.</summary>
    public long Size { get; init; }

    /// <summary>Only those that are part of an image (see <see cref="Xattr.BelongsToImage"/>), in ordinal order of name.</summary>
    public IReadOnlyList<Xattr> Xattrs { get; init; } = [];
}
