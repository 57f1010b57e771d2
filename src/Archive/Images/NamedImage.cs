using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images;

/// <summary>An image in the archive as index.json lists it.</summary>
public record NamedImage
{
    /// <summary>Null for an image without a name.</summary>
    public string? Name { get; init; }

    public required Descriptor Manifest { get; init; }

    /// <summary>Digest of the tree manifest.</summary>
    public required Digest Tree { get; init; }

    /// <summary>The signed image/v1 statement.</summary>
    public Digest? Record { get; init; }

    public required Platform Platform { get; init; }

    /// <summary>When it is one of several behind its name: why this one; null otherwise.</summary>
    public ImageChoice? Choice { get; init; }
}
