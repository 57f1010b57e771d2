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
}
