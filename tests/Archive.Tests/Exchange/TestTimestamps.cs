using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>An authority for time stamps (RFC 3161) that says what time a test wants.</summary>
internal static class TestTimestamps
{
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private const string TokenInfo = "1.2.840.113549.1.9.16.1.4";
    private const string TokenAttribute = "1.2.840.113549.1.9.16.2.14";
    private const string Policy = "1.3.6.1.4.1.99999.1.1";

    /// <summary>Self-signed.</summary>
    public static X509Certificate2 Authority(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Clock", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(from, until);
    }

    /// <summary>The signature with a token over its value, as RFC 3161 appendix A puts it.</summary>
    public static byte[] Embed(byte[] p7s, X509Certificate2 authority, DateTimeOffset when)
    {
        var cms = new SignedCms(new ContentInfo([]), detached: true);
        cms.Decode(p7s);
        var signer = cms.SignerInfos[0];
        var request = Rfc3161TimestampRequest.CreateFromSignerInfo(signer, HashAlgorithmName.SHA256, requestSignerCertificates: true);
        var token = request.ProcessResponse(Reply(request, authority, when), out _);
        signer.AddUnsignedAttribute(new AsnEncodedData(new Oid(TokenAttribute), token.AsSignedCms().Encode()));
        return cms.Encode();
    }

    private static byte[] Reply(Rfc3161TimestampRequest request, X509Certificate2 authority, DateTimeOffset when)
    {
        var info = new Rfc3161TimestampTokenInfo(
            new Oid(Policy), request.HashAlgorithmId, request.GetMessageHash(), new byte[] { 1, 2, 3, 4 }, when, nonce: request.GetNonce());
        var cms = new SignedCms(new ContentInfo(new Oid(TokenInfo), info.Encode()), detached: false);
        var signer = new System.Security.Cryptography.Pkcs.CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, authority)
        {
            IncludeOption = X509IncludeOption.EndCertOnly,
            DigestAlgorithm = new Oid(Oids.Sha256),
        };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(Oids.SigningCertificateV2), SigningCertificate(authority)));
        cms.ComputeSignature(signer, silent: true);
        var reply = new AsnWriter(AsnEncodingRules.DER);
        using (reply.PushSequence())
        {
            using (reply.PushSequence())
            {
                reply.WriteInteger(0); // granted
            }

            reply.WriteEncodedValue(cms.Encode());
        }

        return reply.Encode();
    }

    private static byte[] SigningCertificate(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        }

        return writer.Encode();
    }
}
