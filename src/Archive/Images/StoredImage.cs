using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>An image in the archive with what is needed to run it.</summary>
public sealed record StoredImage : NamedImage
{
    public required Descriptor ConfigBlob { get; init; }

    public required ImageConfig Config { get; init; }

    /// <summary>From the lowest up.</summary>
    public required IReadOnlyList<Descriptor> Layers { get; init; }
}
