using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>One record of a bundle: its statement, its signature, and whatever else goes with it.</summary>
public sealed record BundledRecord
{
    public required RecordKind Kind { get; init; }

    /// <summary>The statement, among the blobs.</summary>
    public required LeafBlob Record { get; init; }

    /// <summary>The detached signature over it, among the blobs.</summary>
    public required LeafBlob Signature { get; init; }

    /// <summary>The file <c>proofs/RECORD.tlog-proof</c>: that a log holds the record. Null when there is none.</summary>
    public LeafBlob? Proof { get; init; }

    /// <summary>The files <c>origins/PROOF.tlog-proof</c>: those of logs it came through before, in order of digest. Null when there are none.</summary>
    public IReadOnlyList<LeafBlob>? Origins { get; init; }
}
