using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Finds what an archive knows of certificates besides keys/ and trust/: records, of which each must prove itself before it counts.</summary>
public sealed record TrustEvidence
{
    /// <summary>Rotations to a certificate, by the SHA-256 of its DER: statements, each with its signature.</summary>
    public required Func<Digest, IEnumerable<(Digest Rotation, Digest Signature)>> Rotations { get; init; }

    /// <summary>
    /// Blobs of revocation lists by an issuer, by the SHA-256 of its name's DER; first those that the archive's keys have kept, and that the certificate
    /// has which is judged, by the SHA-256 of its DER.
    /// </summary>
    public required Func<Digest, Digest, IEnumerable<Digest>> RevocationLists { get; init; }

    public required EndorsementLookup Endorsements { get; init; }

    /// <summary>Null where there are none.</summary>
    public SealLookup? Seals { get; init; }
}
