using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>CMS signatures (RFC 5652 §5), detached, over id-data, with one signer, in the one form that <see cref="CmsReader"/> takes.</summary>
/// <remarks>
/// By hand, since SignedCms signs with ML-DSA (RFC 9882) only where the platform's OpenSSL can, and with a key that an agent holds not at all.
/// </remarks>
internal static class CmsWriter
{
    private const int Version1 = 1;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <param name="digest">Of the exact bytes that are signed.</param>
    /// <param name="signer">Signs, and names its algorithm.</param>
    /// <param name="hash">Which the digest was made by; the signed attributes are hashed by it too, unless the algorithm hashes itself.</param>
    /// <param name="certificates">DER; the signer's first.</param>
    /// <param name="attributes">Signed attributes besides content-type and message-digest, DER of each by its object identifier.</param>
    /// <param name="stamp">Gives the time stamp token (DER) of the signature value; null for none.</param>
    /// <returns>DER.</returns>
    public static byte[] Sign(
        byte[] digest,
        X509SignatureGenerator signer,
        HashAlgorithmName hash,
        IReadOnlyList<byte[]> certificates,
        IReadOnlyDictionary<string, byte[]> attributes,
        Func<byte[], byte[]>? stamp)
    {
        var all = new Dictionary<string, byte[]>(attributes)
        {
            [Oids.ContentType] = Encode(writer => writer.WriteObjectIdentifier(Oids.Data)),
            [Oids.MessageDigest] = EncodeOctets(digest),
        };
        var by = new Algorithms(SignatureScheme.OidOf(hash), signer.GetSignatureAlgorithmIdentifier(hash));
        byte[] signature = signer.SignData(Encode(writer => WriteAttributes(writer, Asn1Tag.SetOf, all)), hash);
        return Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.SignedData);
                using (writer.PushSequence(Context0))
                using (writer.PushSequence())
                {
                    writer.WriteInteger(Version1);
                    using (writer.PushSetOf())
                    {
                        WriteAlgorithm(writer, by.Digest);
                    }

                    WriteAlgorithm(writer, Oids.Data); // EncapsulatedContentInfo, its content left out
                    using (writer.PushSetOf(Context0))
                    {
                        foreach (byte[] certificate in certificates)
                        {
                            writer.WriteEncodedValue(certificate);
                        }
                    }

                    using (writer.PushSetOf())
                    {
                        WriteSigner(writer, certificates[0], by, all, signature, stamp);
                    }
                }
            }
        });
    }

    private static void WriteSigner(
        AsnWriter writer, byte[] certificate, Algorithms by, Dictionary<string, byte[]> attributes, byte[] signature, Func<byte[], byte[]>? stamp)
    {
        using var named = X509CertificateLoader.LoadCertificate(certificate);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Version1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(named.IssuerName.RawData);
                writer.WriteInteger(named.SerialNumberBytes.Span);
            }

            WriteAlgorithm(writer, by.Digest);
            WriteAttributes(writer, Context0, attributes);
            writer.WriteEncodedValue(by.Signature);
            writer.WriteOctetString(signature);
            if (stamp is not null)
            {
                WriteAttributes(writer, Context1, new Dictionary<string, byte[]> { [Oids.TimestampToken] = stamp(signature) });
            }
        }
    }

    private static void WriteAttributes(AsnWriter writer, Asn1Tag tag, IReadOnlyDictionary<string, byte[]> attributes)
    {
        using (writer.PushSetOf(tag))
        {
            foreach (var (oid, value) in attributes)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    using (writer.PushSetOf())
                    {
                        writer.WriteEncodedValue(value);
                    }
                }
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }
    }

    private static byte[] EncodeOctets(byte[] octets) => Encode(writer => writer.WriteOctetString(octets));

    private static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    /// <param name="Digest">Object identifier.</param>
    /// <param name="Signature">AlgorithmIdentifier, DER.</param>
    private sealed record Algorithms(string Digest, byte[] Signature);
}
