using System.Security.Cryptography;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>Where the two files of a seal are, of whatever archive it is.</summary>
/// <param name="Folder">Theirs.</param>
internal sealed record SealPlace(string Folder)
{
    /// <summary>Its lines.</summary>
    public string SumsPath => Path.Combine(Folder, "SHA512SUMS");

    /// <summary>The token over them.</summary>
    public string TokenPath => SumsPath + ".tst";

    /// <exception cref="LogException">They are more than go along with a record.</exception>
    public byte[] ReadSums() => Read(SumsPath, CarriedSeal.MaxSumsBytes);

    /// <exception cref="LogException">It is larger than any.</exception>
    public byte[] ReadToken() => Read(TokenPath, TimestampToken.MaxBytes);

    /// <summary>Of the lines, however many; they are not in memory.</summary>
    public byte[] HashSums(HashAlgorithmName name)
    {
        using var file = File.OpenRead(SumsPath);
        return CryptographicOperations.HashData(name, file);
    }

    private static byte[] Read(string path, int maxBytes)
    {
        using var file = File.OpenRead(path);
        if (file.Length > maxBytes)
        {
            throw new LogException($"seal '{path}': has {file.Length} bytes, at most {maxBytes} expected");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
