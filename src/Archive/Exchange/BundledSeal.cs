using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>A seal in a bundle: the files <c>seals/NAME/SHA512SUMS</c> and <c>.tst</c>, named by the SHA-256 of the latter.</summary>
public sealed record BundledSeal
{
    /// <summary>What it lists.</summary>
    public required LeafBlob Sums { get; init; }

    /// <summary>The time stamp token over that.</summary>
    public required LeafBlob Token { get; init; }
}
