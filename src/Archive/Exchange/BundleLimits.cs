using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>What a bundle may ask of us. Above any bundle made in good faith; one that exceeds a limit is refused.</summary>
public sealed record BundleLimits
{
    public static BundleLimits Default { get; } = new();

    /// <summary>Files in it.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Of each file that is no blob, in bytes.</summary>
    public int MaxDocumentBytes { get; init; } = 64 << 20;

    /// <summary>A proof of a log has some kilobytes.</summary>
    public int MaxProofBytes { get; init; } = OriginProof.MaxBytes;

    /// <summary>Of all proofs together: they are kept in memory until the records are checked.</summary>
    public long MaxProofsBytes { get; init; } = 256 << 20;

    /// <summary>Of all seals' lines together: they are kept in memory until the records are checked.</summary>
    public long MaxSealsBytes { get; init; } = CarriedSeal.MaxSumsBytes;

    /// <summary>Long names of one entry of a tar, in bytes.</summary>
    public int MaxHeaderBytes { get; init; } = 1 << 14;
}
