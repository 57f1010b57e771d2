using Provenance.Archive.Content;

namespace Provenance.Archive.Images.Packings;

/// <summary>A layer in its packing.</summary>
internal sealed record PackedLayer
{
    /// <summary>Can be called once.</summary>
    public required Func<Stream> Open { get; init; }

    /// <summary>What the layer must be, where the packing says it.</summary>
    public Descriptor? Expected { get; init; }

    /// <summary>As it is packed, in bytes; null when it cannot be known before it is read.</summary>
    public long? Size { get; init; }

    /// <summary>Whether the tar must have its end mark, since nothing else says where it ends.</summary>
    public bool MustEnd { get; init; }
}
