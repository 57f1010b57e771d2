namespace Provenance.Archive.Trust;

/// <summary>A file with a private key: mode 0600, and refused when it is not.</summary>
internal static class PrivateFile
{
    public const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="TrustException">Others than its owner may use it, or it cannot be read.</exception>
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
