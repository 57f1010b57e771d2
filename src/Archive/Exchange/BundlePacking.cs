namespace Provenance.Archive.Exchange;

/// <summary>The form a bundle is written in.</summary>
public sealed record BundlePacking
{
    /// <summary>As a bag of RFC 8493, the bundle below <c>data/</c>.</summary>
    public bool Bag { get; init; }

    /// <summary>Compressed with zstd (RFC 8878).</summary>
    public bool Zstd { get; init; }
}
