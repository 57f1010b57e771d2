using Provenance.Archive.Content;

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
}

/// <summary>An image in the archive with what is needed to run it.</summary>
public sealed record StoredImage : NamedImage
{
    public required Descriptor ConfigBlob { get; init; }

    public required ImageConfig Config { get; init; }

    /// <summary>From the lowest up.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }
}
