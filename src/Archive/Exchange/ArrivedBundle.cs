using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>What was in a bundle, read and not yet judged. Every blob is what its name says.</summary>
internal sealed record ArrivedBundle
{
    public required BundleManifest Manifest { get; init; }

    /// <summary>With size and SHA-512 as they were found.</summary>
    public required IReadOnlyDictionary<Digest, Descriptor> Blobs { get; init; }

    /// <summary>The names of its images, as an OCI index; null when there is none.</summary>
    public required byte[]? Index { get; init; }

    /// <summary>That a log holds a record, by record.</summary>
    public required IReadOnlyDictionary<Digest, byte[]> Proofs { get; init; }

    /// <summary>Proofs by further logs, by what they are named.</summary>
    public required IReadOnlyDictionary<Digest, byte[]> Origins { get; init; }

    /// <summary>Lines of seals, by what these are named.</summary>
    public required IReadOnlyDictionary<Digest, byte[]> SealSums { get; init; }

    /// <summary>Tokens of seals, by what these are named.</summary>
    public required IReadOnlyDictionary<Digest, byte[]> SealTokens { get; init; }

    /// <summary>The seals, once they were found good; in the order of the manifest.</summary>
    public IReadOnlyList<CarriedSeal> Seals { get; init; } = [];

    /// <summary>All of one record, that of the log of whoever made the bundle first.</summary>
    public IEnumerable<byte[]> ProofsOf(BundledRecord record) => OriginsOf(record).Prepend(Proofs.GetValueOrDefault(record.Record.Digest)).OfType<byte[]>();

    /// <summary>Those by further logs.</summary>
    public IEnumerable<byte[]> OriginsOf(BundledRecord record) => (record.Origins ?? []).Select(proof => Origins[proof.Digest]);
}
