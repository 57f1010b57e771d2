using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>The ESS attribute signing-certificate-v2: which very certificate signed. Source: RFC 5035 §3 and §4.</summary>
internal static class SigningCertificateAttribute
{
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4, isConstructed: true);

    /// <summary>Whether the first ESSCertIDv2, which is the signer's (§3), names the certificate.</summary>
    /// <exception cref="AsnContentException">The attribute is malformed.</exception>
    /// <exception cref="CmsException">Its hash is not accepted.</exception>
    public static bool Names(byte[] attribute, X509Certificate2 certificate)
    {
        var reader = new AsnReader(attribute, AsnEncodingRules.DER);
        var signingCertificate = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var certs = signingCertificate.ReadSequence();
        signingCertificate.ThrowIfNotEmpty();
        var id = certs.ReadSequence();

        // DEFAULT id-sha256: the algorithm stands there only when it is another.
        string hashOid = id.PeekTag() == Asn1Tag.Sequence ? AlgorithmIdentifier.Read(id).Oid : Oids.Sha256;
        byte[] expected = id.ReadOctetString();
        byte[] actual = CryptographicOperations.HashData(SignatureScheme.HashOf(hashOid), certificate.RawDataMemory.Span);
        return CryptographicOperations.FixedTimeEquals(expected, actual)
            && (!id.HasData || IsIssuerAndSerial(id, certificate));
    }

    /// <summary>IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber CertificateSerialNumber }, the last of the ID.</summary>
    private static bool IsIssuerAndSerial(AsnReader id, X509Certificate2 certificate)
    {
        var issuerSerial = id.ReadSequence();
        id.ThrowIfNotEmpty();
        var names = issuerSerial.ReadSequence();
        var name = names.ReadSequence(DirectoryName);
        names.ThrowIfNotEmpty();
        var issuer = name.ReadEncodedValue();
        name.ThrowIfNotEmpty();
        var serial = issuerSerial.ReadIntegerBytes();
        issuerSerial.ThrowIfNotEmpty();
        return issuer.Span.SequenceEqual(certificate.IssuerName.RawData)
            && serial.Span.SequenceEqual(certificate.SerialNumberBytes.Span);
    }
}
