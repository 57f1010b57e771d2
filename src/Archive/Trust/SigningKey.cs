using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

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
    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private readonly MlDsaKey? _mlDsa;
    private readonly AgentSignatureGenerator? _agent;
    private NewKey? _own;

    private SigningKey(X509Certificate2 certificate, MlDsaKey? mlDsa = null, IReadOnlyList<byte[]>? chain = null, KeyAgentClient? agent = null)
    {
        Certificate = certificate;
        _mlDsa = mlDsa;
        _agent = agent is null ? null : new AgentSignatureGenerator(agent, certificate);
        Chain = chain ?? [];
    }

    /// <summary>What others see of it.</summary>
    public SignerCertificate Signer => SignerCertificate.Of(Certificate);

    /// <summary>With its private key, unless that is of ML-DSA, or an agent holds it.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>Signs with the private key, wherever it is, by its algorithm.</summary>
    internal X509SignatureGenerator Generator => _agent is not null ? _agent : Own.Generator;

    /// <summary>What is signed with it is hashed by.</summary>
    internal HashAlgorithmName Hash => SignatureScheme.HashFor(Certificate);

    /// <summary>DER of those that vouch for it, as far as they came with it; who verifies must have the last. Empty when it is its own issuer.</summary>
    internal IReadOnlyList<byte[]> Chain { get; }

    /// <exception cref="TrustException">An agent holds the private key: it never leaves that.</exception>
    private NewKey Own => _agent is null
        ? _own ??= NewKey.Of(Certificate, _mlDsa)
        : throw new TrustException("key agent", $"holds the private key of {Signer.Name}, and gives it to nobody");

    /// <summary>Makes a key and a self-signed certificate for it.</summary>
    /// <param name="name">The person's name, 1 to 64 characters.</param>
    /// <param name="now">The certificate is good from the day before, and has no end.</param>
    /// <param name="algorithm">Of the key.</param>
    /// <param name="contacts">What else tells who the person is.</param>
    public static SigningKey Create(
        string name, DateTimeOffset now, KeyAlgorithm algorithm = KeyAlgorithm.P256, SignerContacts? contacts = null)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw new ArgumentException("a name has 1 to 64 characters and no control characters", nameof(name));
        }

        using var key = NewKey.Make(algorithm);
        var request = key.Request(name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(
            request.PublicKey, X509SubjectKeyIdentifierHashAlgorithm.Sha256, critical: false));
        if (contacts?.ToExtension() is { } names)
        {
            request.CertificateExtensions.Add(names);
        }

        using var certificate = request.Create(
            request.SubjectName, key.Generator, now - ClockTolerance, NoEnd, CertificateSerial.Of(request.PublicKey));
        return new SigningKey(key.With(certificate), key.MlDsa);
    }

    /// <summary>Asks an authority for a certificate of this key: PKCS#10 (RFC 2986), PEM.</summary>
    public string RequestPem()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(Signer.Name);
        var request = new CertificateRequest(subject.Build(), Certificate.PublicKey, Hash, RSASignaturePadding.Pss);
        if (Signer.Contacts.ToExtension() is { } names)
        {
            request.CertificateExtensions.Add(names);
        }

        return request.CreateSigningRequestPem(Generator) + "\n";
    }

    /// <summary>Of a certificate that has its private key; it is copied.</summary>
    /// <param name="certificate">With the key.</param>
    /// <param name="chain">DER of those that vouch for it.</param>
    internal static SigningKey Of(X509Certificate2 certificate, IReadOnlyList<byte[]>? chain = null) =>
        new(new X509Certificate2(certificate), null, chain);

    /// <summary>From the two PEM files.</summary>
    /// <param name="certificatePem">The certificate, and after it those that vouch for it.</param>
    /// <param name="keyPem">PKCS#8; when it is encrypted, <see cref="KeyPassphrase"/> gives the passphrase.</param>
    /// <param name="path">Of the key, for what is said of it.</param>
    /// <exception cref="TrustException">There is no passphrase.</exception>
    /// <exception cref="CryptographicException">They are no key and certificate, or the passphrase is another.</exception>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    internal static SigningKey FromPem(string certificatePem, string keyPem, string path = "key")
    {
        byte[][] chain = ChainIn(certificatePem);
        var certificate = X509Certificate2.CreateFromPem(certificatePem);
        if (NewKey.ReadMlDsa(certificate, keyPem, path) is { } mlDsa)
        {
            return new SigningKey(certificate, mlDsa, chain);
        }

        certificate.Dispose();
        return new SigningKey(NewKey.Read(certificatePem, keyPem, path), null, chain);
    }

    /// <summary>A key that an agent holds.</summary>
    /// <param name="agent">Signs with it.</param>
    /// <param name="certificatePem">The certificate, and after it those that vouch for it.</param>
    internal static SigningKey HeldBy(KeyAgentClient agent, string certificatePem) =>
        new(X509Certificate2.CreateFromPem(certificatePem), null, ChainIn(certificatePem), agent);

    private static byte[][] ChainIn(string certificatePem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificatePem);
        byte[][] chain = [.. all.Skip(1).Select(link => link.RawData)];
        foreach (var link in all)
        {
            link.Dispose();
        }

        return chain;
    }

    /// <summary>The certificate, and after it those that vouch for it.</summary>
    internal string CertificatePem() =>
        string.Concat(Chain.Prepend(Certificate.RawData).Select(der => PemEncoding.WriteString("CERTIFICATE", der) + "\n"));

    /// <summary>PKCS#8.</summary>
    /// <param name="passphrase">Null to leave it unencrypted.</param>
    /// <exception cref="TrustException">An agent holds it.</exception>
    internal string KeyPem(string? passphrase = null) => Own.Pem(passphrase);

    public void Dispose()
    {
        _own?.Dispose();
        Certificate.Dispose();
        _mlDsa?.Dispose();
    }
}
