using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The keys of logs and witnesses that are known here: the archive's own log key, and those in <c>trust/*.vkey</c>.</summary>
/// <param name="Logs">Each signs for the origin that it is named for.</param>
/// <param name="Witnesses">Whose cosignatures are looked for.</param>
public sealed record KnownKeys(IReadOnlyList<VerifierKey> Logs, IReadOnlyList<VerifierKey> Witnesses)
{
    private const long MaxFileBytes = 1 << 16;

    /// <summary>Nobody is known.</summary>
    public static KnownKeys None { get; } = new([], []);

    /// <exception cref="TrustException">A file of keys cannot be read, or holds something else.</exception>
    public static KnownKeys Load(StoreLayout layout)
    {
        var keys = new List<VerifierKey>(LogRotation.KeysOf(layout));
        if (Directory.Exists(layout.Trust))
        {
            keys.AddRange(Directory.EnumerateFiles(layout.Trust, "*.vkey").Order(StringComparer.Ordinal).SelectMany(ReadFile));
        }

        return Of(keys);
    }

    public static KnownKeys Of(IEnumerable<VerifierKey> keys)
    {
        var all = keys.Distinct().ToList();
        return new KnownKeys(
            [.. all.Where(key => key.Role == NoteKeyRole.Log)], [.. all.Where(key => key.Role == NoteKeyRole.Witness)]);
    }

    /// <summary>The keys in a file, one a line; empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <exception cref="TrustException">It cannot be read, or holds something else.</exception>
    public static IReadOnlyList<VerifierKey> ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path) is { Length: > MaxFileBytes } large)
            {
                throw new TrustException(path, $"has {large.Length} bytes, at most {MaxFileBytes} expected");
            }

            var lines = File.ReadAllLines(path).Where(line => line.Length > 0 && line[0] != '#');
            return [.. lines.Select(VerifierKey.Parse)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogException)
        {
            throw new TrustException(path, $"the keys cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <returns>The key with the signature's name and ID; null when it is not known.</returns>
    internal VerifierKey? Find(NoteSignature signature) => Logs.Concat(Witnesses).FirstOrDefault(key => key.Matches(signature));
}
