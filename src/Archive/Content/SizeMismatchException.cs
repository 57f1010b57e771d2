namespace Provenance.Archive.Content;

/// <summary>Content is longer or shorter than its descriptor says. Sizes in bytes.</summary>
public sealed class SizeMismatchException(long actual, long expected)
    : ArchiveException(actual > expected
        ? $"content has more than the {expected} bytes its descriptor says"
        : $"content has {actual} bytes, its descriptor says {expected}")
{
    public long Actual { get; } = actual;

    public long Expected { get; } = expected;
}
