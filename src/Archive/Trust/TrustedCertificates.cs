using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Who is trusted in this archive: its own keys, the certificates in <c>trust/*.pem</c>, and whom the authorities among those vouch for.</summary>
/// <remarks>Nothing else is asked: no system store, no network. A certificate in a message is a hint on the way to one of ours.</remarks>
public sealed class TrustedCertificates
{
    private readonly Dictionary<Digest, string> _pinned = [];
    private readonly X509Certificate2Collection _authorities = [];

    private TrustedCertificates()
    {
    }

    /// <exception cref="TrustException">A file in keys/ or trust/ cannot be read.</exception>
    public static TrustedCertificates Load(StoreLayout layout)
    {
        var trusted = new TrustedCertificates();
        foreach (string path in KeyStore.Certificates(layout))
        {
            trusted.Add(CertificateFileReader.ReadOne(path), "a key of this archive");
        }

        if (Directory.Exists(layout.Trust))
        {
            foreach (string path in Directory.EnumerateFiles(layout.Trust, "*.pem").Order(StringComparer.Ordinal))
            {
                trusted.AddAll(path, $"trust/{Path.GetFileName(path)}");
            }
        }

        return trusted;
    }

    /// <summary>For a verification outside any archive, such as of a bundle with a certificate the user names.</summary>
    public static TrustedCertificates FromFiles(IEnumerable<string> pemFiles)
    {
        var trusted = new TrustedCertificates();
        foreach (string path in pemFiles)
        {
            trusted.AddAll(path, path);
        }

        return trusted;
    }

    /// <summary>Copies the certificates that are trusted in one archive into another, which then trusts the same. No key is copied.</summary>
    public static void Lend(StoreLayout from, StoreLayout to)
    {
        string[] trusted = Directory.Exists(from.Trust) ? Directory.GetFiles(from.Trust, "*.pem") : [];
        foreach (string path in KeyStore.Certificates(from).Concat(trusted))
        {
            string copy = Path.Combine(to.Root, Path.GetRelativePath(from.Root, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    internal CertificateTrust Judge(X509Certificate2 certificate, IEnumerable<byte[]> hints, DateTimeOffset at)
    {
        if (Unfit(certificate, at) is { } unfit)
        {
            return new CertificateTrust { IsTrusted = false, Reason = unfit };
        }

        return _pinned.TryGetValue(Digest.Of(certificate.RawDataMemory.Span), out string? source)
            ? new CertificateTrust { IsTrusted = true, Reason = source }
            : CertificateChain.Judge(certificate, hints, _authorities, at);
    }

    private void AddAll(string path, string source)
    {
        foreach (var certificate in CertificateFileReader.ReadAll(path))
        {
            Add(certificate, source);
        }
    }

    private void Add(X509Certificate2 certificate, string source)
    {
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        if (constraints is { CertificateAuthority: true })
        {
            _authorities.Add(certificate);
            return;
        }

        _pinned.TryAdd(Digest.Of(certificate.RawDataMemory.Span), source);
        certificate.Dispose();
    }

    /// <summary>Why the certificate may not sign records at that time, whoever vouches for it; null when it may.</summary>
    private static string? Unfit(X509Certificate2 certificate, DateTimeOffset at)
    {
        const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is null || (usage.KeyUsages & Signing) == 0)
        {
            return "its key usage is not for signatures";
        }

        // openssl cms asks the same: the key of a web server must not sign records.
        var extended = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (extended is not null && !extended.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()
                .Any(oid => oid.Value == Oids.EmailProtection))
        {
            return "its extended key usage is not for signing documents (emailProtection)";
        }

        if (at < certificate.NotBefore.ToUniversalTime())
        {
            return $"was not yet valid at {at:u}: valid from {certificate.NotBefore.ToUniversalTime():u}";
        }

        return at > certificate.NotAfter.ToUniversalTime()
            ? $"was no longer valid at {at:u}: valid until {certificate.NotAfter.ToUniversalTime():u}"
            : null;
    }
}
