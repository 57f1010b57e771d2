using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Images;

/// <summary>Images for several machines behind one name. Source: OCI image-spec v1.1.1, image-index.md.</summary>
public sealed record NamedIndex
{
    public required string Name { get; init; }

    public required Descriptor Index { get; init; }

    /// <summary>As the index lists them.</summary>
    public required IReadOnlyList<NamedImage> Variants { get; init; }

    /// <summary>The image for a machine.</summary>
    /// <param name="host">With the level of its processor as variant.</param>
    /// <param name="asked">Taken instead of the best; null for none.</param>
    /// <returns>Null when none will do.</returns>
    public NamedImage? Best(Platform host, Platform? asked = null) =>
        PlatformChoice.Best([.. Variants.Select(variant => variant.Platform)], host, asked) is { } best ? Variants[best] : null;
}
