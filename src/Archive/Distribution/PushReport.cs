using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>What came of sending something.</summary>
public sealed record PushReport
{
    /// <summary>Host, repository and tag.</summary>
    public required string Reference { get; init; }

    /// <summary>What the tag stands for now.</summary>
    public required Digest Manifest { get; init; }

    public required int SentBlobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Blobs that the repository had, or another of the registry.</summary>
    public required int PresentBlobs { get; init; }

    /// <summary>In bytes.</summary>
    public required long PresentBytes { get; init; }

    /// <summary>Artifacts that were put beside it and speak of it.</summary>
    public IReadOnlyList<Digest> Referrers { get; init; } = [];

    /// <summary>What the registry said beside taking it, in its own words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
