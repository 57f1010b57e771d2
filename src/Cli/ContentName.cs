using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>A content as people name it: by a file that is here, or by one of its digests.</summary>
internal static partial class ContentName
{
    /// <summary>By the number of hex digits.</summary>
    private static readonly Dictionary<int, string> Algorithms = new()
    {
        [32] = "md5",
        [40] = "sha1",
        [64] = "sha256",
        [128] = "sha512",
    };

    /// <returns>The hex digits of the digest; null when a path or words are meant.</returns>
    public static string? HexOf(string text) => File.Exists(text) ? DigestOf(text).Hex : ParseHex(text);

    public static Digest DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.Of(file);
    }

    /// <summary>Reads <c>sha256:…</c>, <c>sha512:…</c>, <c>sha1:…</c>, <c>md5:…</c>, or the digits alone.</summary>
    public static string? ParseHex(string text)
    {
        var match = Pattern().Match(text);
        string hex = match.Groups["hex"].Value.ToLowerInvariant();
        string algorithm = match.Groups["algorithm"].Value;
        return Algorithms.TryGetValue(hex.Length, out string? named) && (algorithm.Length == 0 || algorithm == named)
            ? hex
            : null;
    }

    [GeneratedRegex(@"\A(?:(?<algorithm>[a-z0-9]+):)?(?<hex>[0-9a-fA-F]{32,128})\z")]
    private static partial Regex Pattern();
}
