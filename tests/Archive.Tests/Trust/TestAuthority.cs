using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Tests.Trust;

/// <summary>A time stamping authority at any time and with any fault. As made, it does everything right.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string DefaultPolicy = "1.3.6.1.4.1.99999.1.1";
    public const string Sha1 = "1.3.14.3.2.26";

    private const string TimestampInfo = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string TokenAttribute = "1.2.840.113549.1.9.16.2.14";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    public TestAuthority(
        DateTimeOffset? from = null,
        DateTimeOffset? until = null,
        string? purpose = TimeStamping,
        bool criticalPurpose = true,
        int rsaBits = 0,
        X509Certificate2? root = null)
    {
        Root = root ?? TestCertificates.Authority("Clock CA");
        Certificate = Issue(Root, from ?? TestCertificates.From, until ?? TestCertificates.Until, purpose, criticalPurpose, rsaBits);
    }

    /// <summary>Who vouches for it.</summary>
    public X509Certificate2 Root { get; }

    public X509Certificate2 Certificate { get; }

    public string Policy { get; init; } = DefaultPolicy;

    /// <summary>In microseconds.</summary>
    public long? Accuracy { get; init; } = 1_000_000;

    /// <summary>In place of the hash it was asked for.</summary>
    public byte[]? OtherHash { get; init; }

    /// <summary>In place of the nonce it was asked for.</summary>
    public byte[]? OtherNonce { get; init; }

    /// <summary>Object identifier of the digest in the token's signature.</summary>
    public string Digest { get; init; } = "2.16.840.1.101.3.4.2.3";

    public bool SignsTwice { get; init; }

    public void Dispose()
    {
        Certificate.Dispose();
        Root.Dispose();
    }

    /// <summary>A token over the data, made at the time. Source: RFC 3161 §2.4.2.</summary>
    public byte[] Stamp(byte[] data, DateTimeOffset at)
    {
        var request = Rfc3161TimestampRequest.CreateFromData(data, HashAlgorithmName.SHA512, requestSignerCertificates: true);
        return Token(request.HashAlgorithmId, OtherHash ?? request.GetMessageHash().ToArray(), null, at);
    }

    /// <summary>The signature with a token over its value (RFC 3161 appendix A).</summary>
    public byte[] Embed(byte[] p7s, DateTimeOffset at)
    {
        var cms = new SignedCms(new ContentInfo([]), detached: true);
        cms.Decode(p7s);
        var signer = cms.SignerInfos[0];
        signer.AddUnsignedAttribute(new AsnEncodedData(new Oid(TokenAttribute), Stamp(signer.GetSignature(), at)));
        return cms.Encode();
    }

    /// <summary>A token whose hash is of another algorithm.</summary>
    public byte[] StampBySha1(byte[] data, DateTimeOffset at) => Token(new Oid(Sha1), CryptographicOperations.HashData(HashAlgorithmName.SHA1, data), null, at);

    /// <summary>What it answers to a query over HTTP.</summary>
    public byte[] Reply(byte[] query, DateTimeOffset at)
    {
        if (!Rfc3161TimestampRequest.TryDecode(query, out var request, out int read) || read != query.Length)
        {
            throw new CryptographicException("not a query");
        }

        return Granted(Token(request.HashAlgorithmId, OtherHash ?? request.GetMessageHash().ToArray(), OtherNonce ?? request.GetNonce()?.ToArray(), at));
    }

    public static byte[] Granted(byte[] token)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
            }

            writer.WriteEncodedValue(token);
        }

        return writer.Encode();
    }

    /// <summary>PKIStatus rejection, badAlg. Source: RFC 3161 §2.4.2.</summary>
    public static byte[] Rejected()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteInteger(2);
            writer.WriteBitString([0x80], 7);
        }

        return writer.Encode();
    }

    private static X509Certificate2 Issue(
        X509Certificate2 root, DateTimeOffset from, DateTimeOffset until, string? purpose, bool critical, int rsaBits)
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = rsaBits > 0 ? RSA.Create(rsaBits) : null;
        var request = rsa is null
            ? new CertificateRequest("CN=Clock", ec, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=Clock", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical));
        }

        using var key = root.GetECDsaPrivateKey()!;
        using var certificate = request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, until, [0x40, 7, 7, 7]);
        return rsa is null ? certificate.CopyWithPrivateKey(ec) : certificate.CopyWithPrivateKey(rsa);
    }

    private byte[] Token(Oid hash, byte[] imprint, byte[]? nonce, DateTimeOffset at)
    {
        var info = new Rfc3161TimestampTokenInfo(
            new Oid(Policy), hash, imprint, new byte[] { 0x41, 2, 3 }, at, Accuracy, isOrdering: false,
            nonce is null ? (ReadOnlyMemory<byte>?)null : nonce);
        var cms = new SignedCms(new ContentInfo(new Oid(TimestampInfo), info.Encode()), detached: false);
        for (int i = 0; i < (SignsTwice ? 2 : 1); i++)
        {
            var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, Certificate)
            {
                IncludeOption = X509IncludeOption.EndCertOnly,
                DigestAlgorithm = new Oid(Digest),
            };
            signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), SigningCertificate()));
            cms.ComputeSignature(signer, silent: true);
        }

        return cms.Encode();
    }

    private byte[] SigningCertificate()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteOctetString(SHA256.HashData(Certificate.RawData));
        }

        return writer.Encode();
    }
}
