using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>What a certificate says of its owner. Nobody has vouched for it unless it is trusted.</summary>
public sealed record SignerCertificate
{
    /// <summary>The common name; the whole subject when there is none.</summary>
    public required string Name { get; init; }

    /// <summary>As RFC 4514 writes it.</summary>
    public required string Subject { get; init; }

    public required string Issuer { get; init; }

    /// <summary>Its owner's address of mail; null when none is in it.</summary>
    public string? Email { get; init; }

    /// <summary>Its owner's ORCID iD, see <see cref="Trust.Orcid"/>; null when none is in it.</summary>
    public string? Orcid { get; init; }

    /// <summary>SHA-256 of the certificate's DER bytes; what <c>openssl x509 -fingerprint -sha256</c> prints.</summary>
    public required Digest Fingerprint { get; init; }

    /// <summary>SHA-256 of the key's SubjectPublicKeyInfo (DER): the same in every certificate of this key.</summary>
    public required Digest PublicKey { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Both.</summary>
    internal SignerContacts Contacts => new(Email, Orcid);

    internal static SignerCertificate Of(X509Certificate2 certificate) => Of(certificate, SignerContacts.Of(certificate));

    private static SignerCertificate Of(X509Certificate2 certificate, SignerContacts contacts) => new()
    {
        Email = contacts.Email,
        Orcid = contacts.Orcid,
        Name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name
            ? name
            : certificate.Subject,
        Subject = certificate.Subject,
        Issuer = certificate.Issuer,
        Fingerprint = Digest.Of(certificate.RawDataMemory.Span),
        PublicKey = Digest.Of(certificate.PublicKey.ExportSubjectPublicKeyInfo()),
        NotBefore = certificate.NotBefore.ToUniversalTime(),
        NotAfter = certificate.NotAfter.ToUniversalTime(),
    };
}
