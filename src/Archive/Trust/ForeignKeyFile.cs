using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Provenance.Archive.Trust;

/// <summary>A key with its certificate as others keep it: PKCS#12 (RFC 7292), or PEM with both in one file.</summary>
internal static class ForeignKeyFile
{
    private const int MaxBytes = 1 << 20;

    // Of the key's encryption and of the whole file's MAC together; openssl makes 2,048 each, others up to some hundred thousands.
    private const int MaxIterations = 5_000_000;

    private static readonly byte[] PemBegins = "-----BEGIN "u8.ToArray();

    /// <exception cref="TrustException">It is none, its passphrase is another, or it has not exactly one key with a certificate.</exception>
    public static SigningKey Read(string path)
    {
        try
        {
            byte[] content = ReadContent(path);
            return content.AsSpan().IndexOf(PemBegins) >= 0 ? OfPem(Encoding.UTF8.GetString(content), path) : OfPkcs12(content, path);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            throw new TrustException(path, $"no key with its certificate can be read, in PKCS#12 or PEM: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>To its end: a pipe from a password manager has no length.</summary>
    private static byte[] ReadContent(string path)
    {
        using var file = File.OpenRead(path);
        byte[] room = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
        {
            throw new TrustException(path, $"has more than {MaxBytes} bytes, which is all that is read");
        }

        byte[] content = room[..length];
        CryptographicOperations.ZeroMemory(room);
        return content;
    }

    private static SigningKey OfPem(string text, string path) => SigningKey.FromPem(text, KeyOf(text, path), path);

    /// <summary>The block with the key, by itself.</summary>
    private static string KeyOf(string text, string path)
    {
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            var label = rest[found.Label];
            if (label is "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY" or "EC PRIVATE KEY" or "RSA PRIVATE KEY")
            {
                return rest[found.Location].ToString() + "\n";
            }

            rest = rest[found.Location.End..];
        }

        throw new TrustException(path, "has no private key in it");
    }

    private static SigningKey OfPkcs12(byte[] content, string path)
    {
        var limits = new Pkcs12LoaderLimits
        {
            TotalKdfIterationLimit = MaxIterations,
            IndividualKdfIterationLimit = MaxIterations,
            MacIterationLimit = MaxIterations,
        };
        const X509KeyStorageFlags Flags = X509KeyStorageFlags.Exportable;
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content, "", Flags, limits);
        }
        catch (CryptographicException)
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content, KeyPassphrase.Read(path), Flags, limits);
        }

        var withKey = all.Where(certificate => certificate.HasPrivateKey).ToList();
        var key = withKey is [var one] ? one : throw new TrustException(path, $"has {withKey.Count} keys with a certificate, expected one");
        byte[][] chain = [.. all.Where(certificate => certificate != key && !IsRoot(certificate)).Select(certificate => certificate.RawData)];
        return SigningKey.Of(key, chain);
    }

    /// <summary>Whoever verifies has that one, or does not trust it.</summary>
    private static bool IsRoot(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
