using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provenance.Archive.Content;

namespace Provenance.Archive.Trust;

/// <summary>Puts certificates of others into <c>trust/</c>, one file each. What was put there by hand is read as well.</summary>
public sealed class TrustStore(StoreLayout layout, FolderSync sync)
{
    private const int ShownDigits = 16;

    /// <summary>Every certificate in trust/ and trust/tsa/, in order of path.</summary>
    /// <exception cref="TrustException">A file cannot be read.</exception>
    public IReadOnlyList<TrustedCertificate> List() =>
        [.. Read(layout.Trust, forTime: false), .. Read(layout.TimestampTrust, forTime: true)];

    /// <summary>Trusts each certificate in a PEM file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="forTime">For the time they say, and not for records.</param>
    /// <exception cref="TrustException">It holds no certificate, or cannot be read.</exception>
    public IReadOnlyList<TrustedCertificate> AddFile(string path, bool forTime) =>
        [.. CertificateFileReader.ReadAll(path).Select(certificate => Add(certificate, forTime))];

    /// <summary>Trusts who signed a statement: on first use, since nobody but the message itself says who that is.</summary>
    /// <exception cref="TrustException">The signature does not hold.</exception>
    public TrustedCertificate AddSigner(ReadOnlySpan<byte> statement, ReadOnlyMemory<byte> p7s)
    {
        var verification = CmsVerifier.Verify(statement, p7s, TrustedCertificates.FromFiles([]), DateTimeOffset.UnixEpoch);
        if (verification.Signer is not { } signer)
        {
            throw new TrustException("signature", verification.Problem ?? "does not hold");
        }

        foreach (byte[] der in CmsReader.Read(p7s).Certificates.Where(der => Digest.Of(der) == signer.Fingerprint))
        {
            return Add(X509CertificateLoader.LoadCertificate(der), forTime: false);
        }

        throw new TrustException("signature", "its certificate is not in it");
    }

    private static TrustRole RoleOf(X509Certificate2 certificate, bool forTime)
    {
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        return forTime ? TrustRole.Time : constraints is { CertificateAuthority: true } ? TrustRole.Authority : TrustRole.Signer;
    }

    private static IEnumerable<TrustedCertificate> Read(string folder, bool forTime) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.pem").Order(StringComparer.Ordinal).SelectMany(path =>
            CertificateFileReader.ReadAll(path).Select(certificate => Describe(certificate, forTime, path)))
        : [];

    private static TrustedCertificate Describe(X509Certificate2 certificate, bool forTime, string path)
    {
        using (certificate)
        {
            return new TrustedCertificate { Certificate = SignerCertificate.Of(certificate), Role = RoleOf(certificate, forTime), Path = path };
        }
    }

    private TrustedCertificate Add(X509Certificate2 certificate, bool forTime)
    {
        string pem = certificate.ExportCertificatePem() + "\n";
        string folder = forTime ? layout.TimestampTrust : layout.Trust;
        var fingerprint = Digest.Of(certificate.RawDataMemory.Span);
        if (Read(folder, forTime).FirstOrDefault(known => known.Certificate.Fingerprint == fingerprint) is { } known)
        {
            certificate.Dispose();
            return known with { WasThere = true };
        }

        Directory.CreateDirectory(folder);
        sync(Path.GetDirectoryName(folder)!);
        var added = Describe(certificate, forTime, Path.Combine(folder, FileName(certificate, fingerprint)));
        AtomicFile.Write(added.Path, Encoding.ASCII.GetBytes(pem), sync);
        return added;
    }

    /// <summary>The name is for people; the digits keep two of one name apart.</summary>
    private static string FileName(X509Certificate2 certificate, Digest fingerprint)
    {
        string name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        string plain = new([.. name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
        return $"{plain.Trim('-')}-{fingerprint.Hex[..ShownDigits]}.pem";
    }
}
