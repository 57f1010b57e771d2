using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace Provenance.Archive.Trust;

/// <summary>Signs statements: CMS SignedData (RFC 5652), detached, over id-data, with exactly one signer and its certificate.</summary>
public static class CmsSigner
{
    /// <param name="statement">The exact bytes that are signed.</param>
    /// <param name="key">Whose name it will bear.</param>
    /// <param name="time">Gives the signing-time attribute, which proves nothing.</param>
    /// <returns>DER.</returns>
    /// <exception cref="TrustException">The agent that holds the key does not sign.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> statement, SigningKey key, TimeProvider time) => Sign(statement, key, time, stamp: null);

    /// <param name="statement">The exact bytes that are signed.</param>
    /// <param name="key">Whose name it will bear.</param>
    /// <param name="time">Gives the signing-time attribute, which proves nothing.</param>
    /// <param name="stamp">Gives the time stamp token (DER) of the signature value it is handed; null for none.</param>
    /// <returns>DER.</returns>
    /// <exception cref="TrustException">The agent that holds the key does not sign.</exception>
    internal static byte[] Sign(ReadOnlySpan<byte> statement, SigningKey key, TimeProvider time, Func<byte[], byte[]>? stamp)
    {
        var attributes = new Dictionary<string, byte[]>
        {
            [Oids.SigningTime] = new Pkcs9SigningTime(time.GetUtcNow().UtcDateTime).RawData,
            [Oids.SigningCertificateV2] = SigningCertificateV2(key.Certificate.RawDataMemory.Span),
        };
        byte[] digest = CryptographicOperations.HashData(key.Hash, statement);
        return CmsWriter.Sign(digest, key.Generator, key.Hash, [key.Certificate.RawData, .. key.Chain], attributes, stamp);
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
