using Provenance.Archive.Catalog;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>A record that goes into a bundle.</summary>
/// <param name="Signed">Its bytes, proved against their digests.</param>
/// <param name="Predicate">An image, run or replay record.</param>
/// <param name="Signer">Whose certificate it names, trusted or not.</param>
/// <param name="Listed">As it stands in <c>BUNDLE.json</c>.</param>
/// <param name="Proof">That a log holds it; null when there is none.</param>
/// <param name="Origins">That logs of archives it came through hold it, in order of name.</param>
internal sealed record PackedRecord(
    SignedStatement Signed, object Predicate, Signer Signer, BundledRecord Listed, byte[]? Proof, IReadOnlyList<OriginProof> Origins)
{
    /// <summary>In this archive's log; null while it waits.</summary>
    public long? LogIndex { get; init; }

    /// <summary>As an entry of any log.</summary>
    public LogLeaf Leaf => new() { Kind = Listed.Kind, Record = Listed.Record, Signature = Listed.Signature };
}
