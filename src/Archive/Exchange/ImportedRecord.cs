using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>A record that came with a bundle and is in the archive now.</summary>
public sealed record ImportedRecord
{
    public required Digest Record { get; init; }

    public required RecordKind Kind { get; init; }

    /// <summary>False when the archive had it before: it then keeps the signature that it had.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Whose signature the archive has of the statement; null when it is this one's, or by the same key.</summary>
    public SignerCertificate? KeptSigner { get; init; }

    /// <summary>Valid, and by whom; whether he is trusted is asked of this archive, never of the bundle.</summary>
    public required SignatureVerification Signature { get; init; }

    /// <summary>A C2SP tlog-proof as the bundle has it, for who checks logs; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Proof { get; init; }

    /// <summary>Proofs by logs of archives that it came through before, as the bundle has them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Origins { get; init; } = [];
}
