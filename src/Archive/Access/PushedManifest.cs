using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>A manifest that a client of the registry pushed, as it came.</summary>
public sealed record PushedManifest
{
    public required string Repository { get; init; }

    public required Descriptor Manifest { get; init; }

    public string? ArtifactType { get; init; }

    /// <summary>What it refers to, which need not be here.</summary>
    public Digest? Subject { get; init; }

    /// <summary>As a JSON object; null when it has none.</summary>
    public string? Annotations { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether he alone may read it.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>From then on everybody may all the same; null for never.</summary>
    public DateTimeOffset? PublicAt { get; init; }

    /// <param name="owner">Whose things may be read; null for nobody's.</param>
    /// <param name="time">At this time.</param>
    public bool MayBeReadBy(string? owner, DateTimeOffset time) => !IsPrivate || PublicAt <= time || Owner == owner;
}
