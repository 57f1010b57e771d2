using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Says of a blob that a record names that it is not there on purpose. One JSON line of <c>dropped.jsonl</c>.</summary>
public sealed record DroppedBlob
{
    public required Digest Digest { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When gc decided on it, or when the record came without it.</summary>
    public required DateTimeOffset DroppedAt { get; init; }

    /// <summary>True when it never was here, for it was not in the bundle its record came with; null when gc removed it.</summary>
    public bool? LeftOut { get; init; }
}
