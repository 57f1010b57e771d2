using Provenance.Archive.Content;

namespace Provenance.Archive.Images.Layers;

/// <summary>A layer that was read to its end.</summary>
internal sealed record ReadLayer
{
    /// <summary>What will be kept; null when nothing was.</summary>
    public Descriptor? Blob { get; init; }

    /// <summary>Digest of the tar inside.</summary>
    public required Digest DiffId { get; init; }

    /// <summary>Null when the bytes are kept as they came.</summary>
    public Compression? DecompressedFrom { get; init; }
}
