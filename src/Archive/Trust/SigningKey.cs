using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>A person's key, ready to sign: the private key, and the certificate that names its owner.</summary>
public sealed class SigningKey : IDisposable
{
    // RFC 5280 upper bound ub-common-name.
    private const int MaxNameLength = 64;

    // RFC 5280 §4.1.2.5: the date of a certificate without a well-defined end. Such a key is trusted by its fingerprint, and withdrawn by
    // taking that trust away; an end date would only make good old records fail in plain openssl.
    private static readonly DateTimeOffset NoEnd = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    // A host whose clock is behind must not find the certificate not yet valid.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private SigningKey(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>What others see of it.</summary>
    public SignerCertificate Signer => SignerCertificate.Of(Certificate);

    /// <summary>With its private key.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>Makes an ECDSA P-256 key and a self-signed certificate for it.</summary>
    /// <param name="name">The person's name, 1 to 64 characters.</param>
    /// <param name="now">The certificate is good from the day before, and has no end.</param>
    public static SigningKey Create(string name, DateTimeOffset now)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw new ArgumentException("a name has 1 to 64 characters and no control characters", nameof(name));
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(
            request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, critical: false));
        using var certificate = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            now - ClockTolerance,
            NoEnd,
            SerialNumber(request.PublicKey));
        return new SigningKey(certificate.CopyWithPrivateKey(key));
    }

    /// <summary>From the two PEM files.</summary>
    /// <exception cref="CryptographicException">They are no key and certificate.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    internal static SigningKey FromPem(string certificatePem, string keyPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem);
        using var key = ECDsa.Create();
        key.ImportFromPem(keyPem);
        return new SigningKey(certificate.CopyWithPrivateKey(key));
    }

    internal string CertificatePem() => Certificate.ExportCertificatePem() + "\n";

    /// <summary>PKCS#8, not encrypted.</summary>
    internal string KeyPem()
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose() => Certificate.Dispose();

    /// <summary>RFC 5280 §4.1.2.2: positive, at most 20 bytes. From the key, so that nothing in a certificate is random but the key.</summary>
    private static byte[] SerialNumber(PublicKey key)
    {
        byte[] serial = Digest.Of(key.ExportSubjectPublicKeyInfo()).ToBytes()[..16];
        serial[0] = (byte)(0x40 | (serial[0] & 0x3F));
        return serial;
    }
}
