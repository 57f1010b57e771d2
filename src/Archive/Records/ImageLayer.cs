using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>One layer: the blob as it arrived, and the tar inside it.</summary>
public sealed record ImageLayer
{
    public required Descriptor Blob { get; init; }

    /// <summary>Digest of the uncompressed tar (image-spec config.md#layer-diffid).</summary>
    public required Digest DiffId { get; init; }

    /// <summary><c>xz</c> or <c>bzip2</c>, where the layer came so; OCI has no name for these, and the tar inside is kept instead.</summary>
    public string? DecompressedFrom { get; init; }
}
