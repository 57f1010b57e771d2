using System.Security.Cryptography;
using System.Text;

namespace Provenance.Archive.Trust;

/// <summary>The passphrase that encrypts private keys at rest: the first line of the file that <c>PROV_PASSPHRASE_FILE</c> names.</summary>
/// <remarks>
/// A file, and not the variable itself or a question: batch jobs have no terminal, and what stands in the environment is inherited by every program.
/// Keys are PKCS#8, encrypted by PBES2 (RFC 8018 §6.2) with AES-256 and PBKDF2 over HMAC-SHA-512, which openssl reads.
/// </remarks>
internal static class KeyPassphrase
{
    public const string Variable = "PROV_PASSPHRASE_FILE";

    private const int MaxBytes = 1024;
    private const int MinCharacters = 8;

    // OWASP's figure of 2023 for HMAC-SHA-256 is 600,000; SHA-512 needs fewer.
    private const int Iterations = 600_000;

    private const string EncryptedLabel = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    public static PbeParameters Encryption => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA512, Iterations);

    public static bool IsEncrypted(string keyPem) => keyPem.Contains(EncryptedLabel, StringComparison.Ordinal);

    /// <exception cref="TrustException">No file is named, others may read it, or it holds no passphrase.</exception>
    public static string Read(string forWhat)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            throw new TrustException(forWhat, $"the key is encrypted, or is to be: {Variable} must name a file with the passphrase");
        }

        try
        {
            CheckMode(path);
            using var file = File.OpenRead(path);
            byte[] bytes = new byte[MaxBytes + 1];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string passphrase = Encoding.UTF8.GetString(bytes, 0, read).Split('\n')[0].TrimEnd('\r');
            return passphrase.Length >= MinCharacters && read <= MaxBytes
                ? passphrase
                : throw new TrustException(path, $"holds no passphrase of {MinCharacters} to {MaxBytes} characters in its first line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrustException(path, $"the passphrase cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>What is no regular file, such as a pipe of the shell's, has nobody's mode.</summary>
    private static void CheckMode(string path)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetAttributes(path) & FileAttributes.Device) == 0 && new FileInfo(path).Length > 0 && (File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new TrustException(path, "others may read this passphrase: mode 0600 expected");
        }
    }
}
