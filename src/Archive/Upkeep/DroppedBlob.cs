using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Says of a blob that a record names that it was removed on purpose. One JSON line of <c>dropped.jsonl</c>.</summary>
public sealed record DroppedBlob
{
    public required Digest Digest { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When gc decided on it.</summary>
    public required DateTimeOffset DroppedAt { get; init; }
}
