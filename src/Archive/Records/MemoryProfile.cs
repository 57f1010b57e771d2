namespace Provenance.Archive.Records;

/// <summary>Memory of the whole machine.</summary>
public sealed record MemoryProfile
{
    public required long TotalBytes { get; init; }

    /// <summary>Size of a page, in bytes.</summary>
    public required int PageBytes { get; init; }

    public required IReadOnlyList<HugePages> HugePages { get; init; }

    /// <summary><c>always</c>, <c>madvise</c> or <c>never</c>; null when unknown.</summary>
    public string? TransparentHugePages { get; init; }
}
