using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>A private key of one of the algorithms we sign with, to be put into a certificate.</summary>
internal sealed class NewKey : IDisposable
{
    private const int RsaBits = 3072;

    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private NewKey(ECDsa? ec, RSA? rsa, MlDsaKey? mlDsa = null)
    {
        _ec = ec;
        _rsa = rsa;
        MlDsa = mlDsa;
    }

    /// <summary>The key, when it is of ML-DSA: certificates cannot hold it everywhere. Not disposed of here.</summary>
    public MlDsaKey? MlDsa { get; }

    /// <summary>Signs certificates with it.</summary>
    public X509SignatureGenerator Generator => MlDsa is not null ? new MlDsaCertificateSigner(MlDsa)
        : _ec is not null ? X509SignatureGenerator.CreateForECDsa(_ec)
        : X509SignatureGenerator.CreateForRSA(_rsa!, RSASignaturePadding.Pss);

    /// <summary>SHA-2 as strong as the key.</summary>
    public HashAlgorithmName Hash => _ec is { KeySize: > 256 } ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    public static NewKey Make(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.P384 => new NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP384), null),
        KeyAlgorithm.Rsa3072 => new NewKey(null, RSA.Create(RsaBits)),
        KeyAlgorithm.MlDsa65 => new NewKey(null, null, MlDsaKey.Make()),
        _ => new NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), null),
    };

    /// <param name="certificate">With its private key, unless that is of ML-DSA.</param>
    /// <param name="mlDsa">The private key, when it is of ML-DSA.</param>
    /// <exception cref="CryptographicException">The certificate has no private key of an algorithm we sign with.</exception>
    public static NewKey Of(X509Certificate2 certificate, MlDsaKey? mlDsa = null)
    {
        if (mlDsa is not null)
        {
            return new NewKey(null, null, mlDsa);
        }

        var ec = certificate.GetECDsaPrivateKey();
        var rsa = ec is null ? certificate.GetRSAPrivateKey() : null;
        return ec is null && rsa is null
            ? throw new CryptographicException("the key is neither of ECDSA nor of RSA")
            : new NewKey(ec, rsa);
    }

    /// <summary>For a certificate of this key under a common name, which needs no escaping here.</summary>
    public CertificateRequest Request(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        var subject = builder.Build();
        return MlDsa is not null ? new CertificateRequest(subject, Generator.PublicKey, HashAlgorithmName.SHA512)
            : _ec is not null ? new CertificateRequest(subject, _ec, Hash)
            : new CertificateRequest(subject, _rsa!, Hash, RSASignaturePadding.Pss);
    }

    /// <returns>A copy that has the private key, unless that is of ML-DSA.</returns>
    public X509Certificate2 With(X509Certificate2 certificate) => MlDsa is not null ? new X509Certificate2(certificate)
        : _ec is not null ? certificate.CopyWithPrivateKey(_ec) : certificate.CopyWithPrivateKey(_rsa!);

    /// <summary>A certificate with its key, from two PEM texts. A key of ML-DSA is read by <see cref="ReadMlDsa"/>.</summary>
    /// <param name="certificatePem">The certificate first.</param>
    /// <param name="keyPem">PKCS#8, encrypted or not.</param>
    /// <param name="path">Of the key, for what is said of it.</param>
    public static X509Certificate2 Read(string certificatePem, string keyPem, string path) => KeyPassphrase.IsEncrypted(keyPem)
        ? X509Certificate2.CreateFromEncryptedPem(certificatePem, keyPem, KeyPassphrase.Read(path))
        : X509Certificate2.CreateFromPem(certificatePem, keyPem);

    /// <returns>Null when the certificate is not of ML-DSA-65.</returns>
    /// <exception cref="CryptographicException">It is, and the key is not its key.</exception>
    public static MlDsaKey? ReadMlDsa(X509Certificate2 certificate, string keyPem, string path)
    {
        if (certificate.GetKeyAlgorithm() != Oids.MlDsa65)
        {
            return null;
        }

        byte[] der = Convert.FromBase64String(keyPem[PemEncoding.Find(keyPem).Base64Data]);
        byte[] pkcs8 = KeyPassphrase.IsEncrypted(keyPem) ? Pkcs8PrivateKeyInfo.DecryptAndDecode(KeyPassphrase.Read(path), der, out _).Encode() : der;
        var key = MlDsaKey.OfPkcs8(pkcs8);
        return key is not null && key.PublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo())
            ? key
            : throw new CryptographicException("the key is not the certificate's");
    }

    /// <summary>PKCS#8.</summary>
    /// <param name="passphrase">Null to leave it unencrypted.</param>
    public string Pem(string? passphrase) => Pem(Pkcs8(), passphrase) + "\n";

    private static string Pem(byte[] pkcs8, string? passphrase) => passphrase is null
        ? PemEncoding.WriteString("PRIVATE KEY", pkcs8)
        : PemEncoding.WriteString(
            "ENCRYPTED PRIVATE KEY", Pkcs8PrivateKeyInfo.Decode(pkcs8, out _, skipCopy: true).Encrypt(passphrase, KeyPassphrase.Encryption));

    private byte[] Pkcs8() => MlDsa is not null ? MlDsa.Pkcs8() : _ec is not null ? _ec.ExportPkcs8PrivateKey() : _rsa!.ExportPkcs8PrivateKey();

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }
}
