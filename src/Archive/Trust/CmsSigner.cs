using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Signs statements: CMS SignedData (RFC 5652), detached, over id-data, with exactly one signer and its certificate.</summary>
public static class CmsSigner
{
    /// <param name="statement">The exact bytes that are signed.</param>
    /// <param name="key">Whose name it will bear.</param>
    /// <param name="time">Gives the signing-time attribute, which proves nothing.</param>
    /// <returns>DER.</returns>
    public static byte[] Sign(ReadOnlySpan<byte> statement, SigningKey key, TimeProvider time) => Sign(statement, key, time, stamp: null);

    /// <param name="statement">The exact bytes that are signed.</param>
    /// <param name="key">Whose name it will bear.</param>
    /// <param name="time">Gives the signing-time attribute, which proves nothing.</param>
    /// <param name="stamp">Gives the time stamp token (DER) of the signature value it is handed; null for none.</param>
    /// <returns>DER.</returns>
    internal static byte[] Sign(ReadOnlySpan<byte> statement, SigningKey key, TimeProvider time, Func<byte[], byte[]>? stamp)
    {
        var certificate = key.Certificate;
        byte[] named = SigningCertificateV2(certificate.RawDataMemory.Span);
        var signedAt = new Pkcs9SigningTime(time.GetUtcNow().UtcDateTime);
        if (key.MlDsa is { } mlDsa)
        {
            var attributes = new Dictionary<string, byte[]> { [Oids.SigningTime] = signedAt.RawData, [Oids.SigningCertificateV2] = named };
            return MlDsaCmsWriter.Sign(statement, mlDsa, [certificate.RawData, .. key.Chain], attributes, stamp);
        }

        var signer = new System.Security.Cryptography.Pkcs.CmsSigner(
            SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            IncludeOption = X509IncludeOption.EndCertOnly,
            DigestAlgorithm = new Oid(DigestFor(certificate)),
        };
        foreach (byte[] link in key.Chain)
        {
            signer.Certificates.Add(X509CertificateLoader.LoadCertificate(link));
        }

        if (certificate.GetKeyAlgorithm() == Oids.RsaEncryption)
        {
            signer.SignaturePadding = RSASignaturePadding.Pss;
        }

        signer.SignedAttributes.Add(signedAt);
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(Oids.SigningCertificateV2), named));
        var cms = new SignedCms(new ContentInfo(new Oid(Oids.Data), statement.ToArray()), detached: true);
        cms.ComputeSignature(signer, silent: true);
        if (stamp is not null)
        {
            var info = cms.SignerInfos[0];
            info.AddUnsignedAttribute(new AsnEncodedData(new Oid(Oids.TimestampToken), stamp(info.GetSignature())));
        }

        return cms.Encode();
    }

    /// <summary>SHA-2 as strong as the key.</summary>
    private static string DigestFor(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        return key is { KeySize: > 256 } ? Oids.Sha384 : Oids.Sha256;
    }

    /// <summary>RFC 5035 §3: binds this very certificate, not only its key, into what is signed.</summary>
    private static byte[] SigningCertificateV2(ReadOnlySpan<byte> certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence()) // SigningCertificateV2
        using (writer.PushSequence()) // certs
        using (writer.PushSequence()) // ESSCertIDv2; SHA-256 is the default and therefore not written
        {
            writer.WriteOctetString(SHA256.HashData(certificate));
        }

        return writer.Encode();
    }
}
