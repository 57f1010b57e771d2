namespace Provenance.Archive.Images.Tar;

/// <summary>One entry of a tar, with all its extension headers applied. Names are as they stand: nothing is normalised or checked.</summary>
internal sealed record TarEntry
{
    public required string Name { get; init; }

    public required TarEntryKind Kind { get; init; }

    /// <summary>0 to 07777.</summary>
    public required int Mode { get; init; }

    public required long UserId { get; init; }

    public required long GroupId { get; init; }

    /// <summary>Since 1970-01-01 UTC.</summary>
    public required long ModifiedNanoseconds { get; init; }

    /// <summary>Of the file when it is unpacked, holes included, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Of both kinds of links; else empty.</summary>
    public required string LinkTarget { get; init; }

    public required int DeviceMajor { get; init; }

    public required int DeviceMinor { get; init; }

    /// <summary>All of them, in no order.</summary>
    public required IReadOnlyList<Xattr> Xattrs { get; init; }
}
