namespace Provenance.Archive.Trust;

/// <summary>Files that hold a private key: for their owner alone.</summary>
internal static class PrivateKeyFile
{
    public const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="TrustException">It cannot be read, or others can read it.</exception>
    public static string Read(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            return (mode & ~OnlyOwner) == 0
                ? File.ReadAllText(path)
                : throw new TrustException(path, $"others may use this key: mode is {Octal(mode)}, expected 0600");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrustException(path, $"the key cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
