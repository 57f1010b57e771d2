using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>Certificates from PEM files.</summary>
internal static class CertificateFileReader
{
    /// <exception cref="TrustException">The file holds no certificate, or cannot be read.</exception>
    public static X509Certificate2Collection ReadAll(string path)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(File.ReadAllText(path));
            return certificates.Count > 0 ? certificates : throw new TrustException(path, "holds no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new TrustException(path, $"the certificate cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The one a file is about; after it may stand those that vouch for it.</summary>
    /// <exception cref="TrustException">The file holds no certificate, or cannot be read.</exception>
    public static X509Certificate2 ReadFirst(string path)
    {
        var certificates = ReadAll(path);
        foreach (var other in certificates.Skip(1))
        {
            other.Dispose();
        }

        return certificates[0];
    }

    /// <exception cref="TrustException">The file holds no certificate, or more than one, or cannot be read.</exception>
    public static X509Certificate2 ReadOne(string path)
    {
        var certificates = ReadAll(path);
        return certificates.Count == 1
            ? certificates[0]
            : throw new TrustException(path, $"holds {certificates.Count} certificates, expected one");
    }
}
