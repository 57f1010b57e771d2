using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Makes CMS signatures field by field, right ones and every kind of wrong one. As made, it makes a right one.</summary>
internal sealed class CmsForge(byte[] content, X509Certificate2 certificate)
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    public static readonly byte[] Sha256Identifier = Algorithm("2.16.840.1.101.3.4.2.1");

    public int Version { get; init; } = 1;

    public string ContentType { get; init; } = Data;

    /// <summary>What the content-type attribute says.</summary>
    public string SignedContentType { get; init; } = Data;

    /// <summary>Put into the message, which is then not detached.</summary>
    public byte[]? Embedded { get; init; }

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public byte[] DigestAlgorithm { get; init; } = Sha256Identifier;

    public byte[] SignatureAlgorithm { get; init; } = Algorithm(EcdsaWithSha256);

    /// <summary>Signs the DER it is given; with the certificate's ECDSA key and SHA-256 when null.</summary>
    public Func<byte[], byte[]>? Signing { get; init; }

    /// <summary>What is done to the signature value afterwards.</summary>
    public Func<byte[], byte[]> Mangle { get; init; } = signature => signature;

    public IReadOnlyList<X509Certificate2>? Certificates { get; init; }

    public bool WithSigningCertificate { get; init; } = true;

    public bool WithTime { get; init; } = true;

    public bool TwiceTheDigest { get; init; }

    public bool WithSignedAttributes { get; init; } = true;

    /// <summary>A time stamp token over the signature value as it was before it was mangled, DER; none when null.</summary>
    public Func<byte[], byte[]>? Unsigned { get; init; }

    public int Signers { get; init; } = 1;

    public static byte[] Algorithm(string oid, Action<AsnWriter>? parameters = null) => Der(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            parameters?.Invoke(writer);
        }
    });

    /// <summary>RSASSA-PSS-params (RFC 4055 §3.1): object identifiers of the hash and of the mask's hash, bytes of salt.</summary>
    public static void WritePss(AsnWriter writer, string hash, string mask, int salt)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context0))
            {
                writer.WriteEncodedValue(Algorithm(hash));
            }

            using (writer.PushSequence(Context1))
            {
                writer.WriteEncodedValue(Algorithm("1.2.840.113549.1.1.8", inner => inner.WriteEncodedValue(Algorithm(mask))));
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                writer.WriteInteger(salt);
            }
        }
    }

    public byte[] Build() => Der(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.7.2");
            using (writer.PushSequence(Context0))
            {
                WriteSignedData(writer);
            }
        }
    });

    /// <summary>The signed attributes as they are signed: a SET.</summary>
    public byte[] SignedAttributes() => Der(writer => WriteAttributes(writer, Asn1Tag.SetOf));

    private void WriteSignedData(AsnWriter writer)
    {
        using var signedData = writer.PushSequence();
        writer.WriteInteger(Version);
        using (writer.PushSetOf())
        {
            writer.WriteEncodedValue(DigestAlgorithm);
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ContentType);
            if (Embedded is not null)
            {
                using (writer.PushSequence(Context0))
                {
                    writer.WriteOctetString(Embedded);
                }
            }
        }

        var certificates = Certificates ?? [certificate];
        if (certificates.Count > 0)
        {
            using (writer.PushSetOf(Context0))
            {
                foreach (var one in certificates)
                {
                    writer.WriteEncodedValue(one.RawData);
                }
            }
        }

        using (writer.PushSetOf())
        {
            for (int i = 0; i < Signers; i++)
            {
                WriteSigner(writer);
            }
        }
    }

    private void WriteSigner(AsnWriter writer)
    {
        using var signer = writer.PushSequence();
        writer.WriteInteger(1);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(certificate.IssuerName.RawData);
            writer.WriteInteger(certificate.SerialNumberBytes.Span);
        }

        writer.WriteEncodedValue(DigestAlgorithm);
        if (WithSignedAttributes)
        {
            WriteAttributes(writer, Context0);
        }

        writer.WriteEncodedValue(SignatureAlgorithm);
        byte[] signature = Sign(WithSignedAttributes ? SignedAttributes() : content);
        byte[]? unsigned = Unsigned?.Invoke([.. signature]);
        writer.WriteOctetString(Mangle(signature));
        if (unsigned is not null)
        {
            using (writer.PushSetOf(Context1))
            {
                WriteAttribute(writer, "1.2.840.113549.1.9.16.2.14", value => value.WriteEncodedValue(unsigned));
            }
        }
    }

    private byte[] Sign(byte[] toBeSigned)
    {
        if (Signing is not null)
        {
            return Signing(toBeSigned);
        }

        using var key = certificate.GetECDsaPrivateKey()!;
        return key.SignData(toBeSigned, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private void WriteAttributes(AsnWriter writer, Asn1Tag tag)
    {
        using var set = writer.PushSetOf(tag);
        WriteAttribute(writer, "1.2.840.113549.1.9.3", value => value.WriteObjectIdentifier(SignedContentType));
        byte[] digest = CryptographicOperations.HashData(Hash, content);
        WriteAttribute(writer, "1.2.840.113549.1.9.4", value => value.WriteOctetString(digest));
        if (TwiceTheDigest)
        {
            WriteAttribute(writer, "1.2.840.113549.1.9.4", value => value.WriteOctetString(new byte[32]));
        }

        if (WithTime)
        {
            WriteAttribute(writer, "1.2.840.113549.1.9.5", value => value.WriteUtcTime(TestCertificates.Now));
        }

        if (WithSigningCertificate)
        {
            WriteAttribute(writer, "1.2.840.113549.1.9.16.2.47", WriteSigningCertificate);
        }
    }

    private void WriteSigningCertificate(AsnWriter writer)
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(certificate.RawData));
        }
    }

    private static void WriteAttribute(AsnWriter writer, string oid, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                value(writer);
            }
        }
    }

    private static byte[] Der(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
