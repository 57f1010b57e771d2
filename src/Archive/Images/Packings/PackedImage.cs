namespace Provenance.Archive.Images.Packings;

/// <summary>An image as it lies in its packing: its small documents read and checked, its layers ready to be read.</summary>
internal sealed record PackedImage
{
    /// <summary>As the record names it: <c>docker-archive</c>, <c>oci</c>, <c>oci-archive</c>, <c>tar</c>, <c>dir</c>.</summary>
    public required string Packing { get; init; }

    /// <summary>Null where the packing has none, and one is made.</summary>
    public PackedDocument? Manifest { get; init; }

    /// <summary>The multi-platform index it was chosen from.</summary>
    public PackedDocument? Index { get; init; }

    /// <summary>Other manifests of that index that are there too.</summary>
    public IReadOnlyList<PackedDocument> Others { get; init; } = [];

    /// <summary>Null where the packing has none, and one is made.</summary>
    public PackedDocument? Config { get; init; }

    /// <summary>From the lowest up.</summary>
    public required IReadOnlyList<PackedLayer> Layers { get; init; }

    /// <summary>What the index said it is for.</summary>
    public Platform? Platform { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Of the top layer, where the config has to be made from what Docker wrote before it had configs.</summary>
    public LegacyLayer? Legacy { get; init; }
}
