using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Certificates as a laboratory, or an attacker, would make them.</summary>
internal static class TestCertificates
{
    public static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Until = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 4, 5, 6, TimeSpan.Zero);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static X509Certificate2 Authority(string name = "Lab CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(From, Until);
    }

    /// <summary>A self-signed certificate of a person, or one issued by the authority.</summary>
    public static X509Certificate2 Person(
        string name = "Ada",
        X509Certificate2? authority = null,
        ECCurve? curve = null,
        X509KeyUsageFlags? usage = X509KeyUsageFlags.DigitalSignature,
        bool forServers = false,
        DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        Extend(request, usage, forServers);
        using var certificate = Issue(request, authority, X509SignatureGenerator.CreateForECDsa(key), until ?? Until);
        return certificate.CopyWithPrivateKey(key);
    }

    public static X509Certificate2 RsaPerson(int bits)
    {
        using var key = RSA.Create(bits);
        var request = new CertificateRequest("CN=Rivest", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Extend(request, X509KeyUsageFlags.DigitalSignature, forServers: false);
        return request.CreateSelfSigned(From, Until);
    }

    /// <summary>The same key, issuer name and serial number under another subject.</summary>
    public static X509Certificate2 Twin(X509Certificate2 certificate, string name)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        Extend(request, X509KeyUsageFlags.DigitalSignature, forServers: false);
        using var twin = request.Create(
            certificate.IssuerName,
            X509SignatureGenerator.CreateForECDsa(key),
            From,
            Until,
            certificate.SerialNumberBytes.Span);
        return twin.CopyWithPrivateKey(key);
    }

    private static void Extend(CertificateRequest request, X509KeyUsageFlags? usage, bool forServers)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, true));
        }

        if (forServers)
        {
            request.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        }
    }

    private static X509Certificate2 Issue(
        CertificateRequest request, X509Certificate2? authority, X509SignatureGenerator self, DateTimeOffset until)
    {
        byte[] serial = [0x40, 1, 2, 3];
        if (authority is null)
        {
            return request.Create(request.SubjectName, self, From, until, serial);
        }

        using var key = authority.GetECDsaPrivateKey()!;
        return request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), From, until, serial);
    }
}
