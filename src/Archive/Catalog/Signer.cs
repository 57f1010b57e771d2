using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Who a record's signature says made it. Whether that certificate is trusted is asked anew whenever it matters, never kept.</summary>
internal sealed record Signer(Digest Certificate, string Name, DateTimeOffset ClaimedTime)
{
    /// <summary>What else the certificate tells of its owner.</summary>
    public SignerContacts Contacts { get; init; } = SignerContacts.None;

    private static readonly TrustedCertificates Nobody = TrustedCertificates.FromFiles([]);

    /// <returns>Null when the signature does not hold.</returns>
    public static Signer? Of(SignedStatement signed) =>
        Verify(signed.Statement, signed.Signature) is { Signer: { } signer, ClaimedTime: { } time }
            ? new Signer(signer.Fingerprint, signer.Name, time) { Contacts = signer.Contacts }
            : null;

    /// <summary>The signature alone is judged: no chain is built for the year 1970, which no certificate is valid in.</summary>
    public static SignatureVerification Verify(ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature) =>
        CmsVerifier.Verify(statement.Span, signature, Nobody, DateTimeOffset.UnixEpoch);
}
