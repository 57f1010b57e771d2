using System.Security.Cryptography;
using System.Text;

namespace Provenance.Archive.Trust;

/// <summary>
/// The passphrase that encrypts private keys at rest: the first line of the file that <c>PROV_PASSPHRASE_FILE</c> names, be it a descriptor such as
/// <c>/dev/fd/3</c>; else the answer to a question, where there is somebody to ask.
/// </summary>
/// <remarks>
/// Not the variable itself: what stands in the environment is inherited by every program. What can be read only once, a pipe or an answer, is remembered
/// for the life of the process, and told to the process that records for it. Keys are PKCS#8, encrypted by PBES2 (RFC 8018 §6.2) with AES-256 and
/// PBKDF2 over HMAC-SHA-512, which openssl reads.
/// </remarks>
public static class KeyPassphrase
{
    public const string Variable = "PROV_PASSPHRASE_FILE";

    private const int MaxBytes = 1024;
    private const int MinCharacters = 8;

    // OWASP's figure of 2023 for HMAC-SHA-256 is 600,000; SHA-512 needs fewer.
    private const int Iterations = 600_000;

    private const string EncryptedLabel = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

    /// <summary>What cannot be had a second time; null when nothing was read yet, or it can.</summary>
    public static string? Remembered { get; internal set; }

    /// <summary>Asks a person; the argument says whether a new one is to be chosen. Gives null where nobody can be asked.</summary>
    public static Func<bool, string?>? Ask { get; set; }

    internal static PbeParameters Encryption => new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA512, Iterations);

    internal static bool IsEncrypted(string keyPem) => keyPem.Contains(EncryptedLabel, StringComparison.Ordinal);

    /// <summary>Takes over what another process remembered.</summary>
    public static void Remember(string passphrase) => Remembered = passphrase;

    /// <param name="forWhat">The key, for what is said when there is none.</param>
    /// <param name="isNew">Whether a new key is to be encrypted by it.</param>
    /// <param name="mayAsk">Whether a person may be asked; what is done by the way does not ask.</param>
    /// <exception cref="TrustException">No file is named and nobody can be asked, others may read the file, or it holds no passphrase.</exception>
    internal static string Read(string forWhat, bool isNew = false, bool mayAsk = true)
    {
        if (Remembered is not null)
        {
            return Remembered;
        }

        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            string answer = (mayAsk ? Ask?.Invoke(isNew) : null) ?? throw new TrustException(forWhat, Missing());
            return Remembered = IsLongEnough(answer) ? answer : throw new TrustException(forWhat, $"a passphrase has {MinCharacters} to {MaxBytes} characters");
        }

        string passphrase = ReadFile(path);
        if (IsReadOnce(path))
        {
            Remembered = passphrase;
        }

        return passphrase;
    }

    private static string Missing() =>
        $"the key is encrypted, or is to be: {Variable} must name a file with the passphrase, or there must be a terminal to ask at"
        + (KeyAgentClient.Find() is null ? "" : $"; the agent that {KeyAgentProtocol.Variable} names does not hold it");

    private static string ReadFile(string path)
    {
        try
        {
            CheckMode(path);
            using var file = File.OpenRead(path);
            byte[] bytes = new byte[MaxBytes + 1];
            int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string passphrase = Encoding.UTF8.GetString(bytes, 0, read).Split('\n')[0].TrimEnd('\r');
            return IsLongEnough(passphrase) && read <= MaxBytes
                ? passphrase
                : throw new TrustException(path, $"holds no passphrase of {MinCharacters} to {MaxBytes} characters in its first line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrustException(path, $"the passphrase cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static bool IsLongEnough(string passphrase) => passphrase.Length is >= MinCharacters and <= MaxBytes;

    /// <summary>A pipe, or a descriptor whose place in a file moves on as it is read.</summary>
    private static bool IsReadOnce(string path) =>
        path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal)
        || path == "/dev/stdin" || new FileInfo(path).Length == 0;

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
