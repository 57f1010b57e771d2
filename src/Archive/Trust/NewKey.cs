using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>A private key of one of the algorithms we sign with, to be put into a certificate.</summary>
internal sealed class NewKey : IDisposable
{
    private const int RsaBits = 3072;

    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private NewKey(ECDsa? ec, RSA? rsa)
    {
        _ec = ec;
        _rsa = rsa;
    }

    /// <summary>Signs certificates with it.</summary>
    public X509SignatureGenerator Generator => _ec is not null
        ? X509SignatureGenerator.CreateForECDsa(_ec)
        : X509SignatureGenerator.CreateForRSA(_rsa!, RSASignaturePadding.Pss);

    /// <summary>SHA-2 as strong as the key.</summary>
    public HashAlgorithmName Hash => _ec is { KeySize: > 256 } ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    public static NewKey Make(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.P384 => new NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP384), null),
        KeyAlgorithm.Rsa3072 => new NewKey(null, RSA.Create(RsaBits)),
        _ => new NewKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), null),
    };

    /// <exception cref="CryptographicException">The certificate has no private key of an algorithm we sign with.</exception>
    public static NewKey Of(X509Certificate2 certificate)
    {
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
        return _ec is not null
            ? new CertificateRequest(subject, _ec, Hash)
            : new CertificateRequest(subject, _rsa!, Hash, RSASignaturePadding.Pss);
    }

    public X509Certificate2 With(X509Certificate2 certificate) =>
        _ec is not null ? certificate.CopyWithPrivateKey(_ec) : certificate.CopyWithPrivateKey(_rsa!);

    /// <summary>A certificate with its key, from two PEM texts.</summary>
    /// <param name="certificatePem">The certificate first.</param>
    /// <param name="keyPem">PKCS#8, encrypted or not.</param>
    /// <param name="path">Of the key, for what is said of it.</param>
    public static X509Certificate2 Read(string certificatePem, string keyPem, string path) => KeyPassphrase.IsEncrypted(keyPem)
        ? X509Certificate2.CreateFromEncryptedPem(certificatePem, keyPem, KeyPassphrase.Read(path))
        : X509Certificate2.CreateFromPem(certificatePem, keyPem);

    /// <summary>PKCS#8.</summary>
    /// <param name="passphrase">Null to leave it unencrypted.</param>
    public string Pem(string? passphrase)
    {
        AsymmetricAlgorithm key = _ec is not null ? _ec : _rsa!;
        string pem = passphrase is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, KeyPassphrase.Encryption);
        return pem + "\n";
    }

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }
}
