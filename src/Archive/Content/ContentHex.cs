using System.Text.RegularExpressions;

namespace Provenance.Archive.Content;

/// <summary>A content as people name it: by one of its digests, with or without the algorithm in front.</summary>
public static partial class ContentHex
{
    /// <summary>By the number of hex digits.</summary>
    private static readonly Dictionary<int, string> Algorithms = new()
    {
        [32] = "md5",
        [40] = "sha1",
        [64] = "sha256",
        [128] = "sha512",
    };

    /// <summary>Reads <c>sha256:…</c>, <c>sha512:…</c>, <c>sha1:…</c>, <c>md5:…</c>, or the digits alone.</summary>
    /// <returns>The hex digits, lower case; null when the text is no digest.</returns>
    public static string? Parse(string text)
    {
        var match = Pattern().Match(text);
        string hex = match.Groups["hex"].Value.ToLowerInvariant();
        string algorithm = match.Groups["algorithm"].Value;
        return Algorithms.TryGetValue(hex.Length, out string? named) && (algorithm.Length == 0 || algorithm == named)
            ? hex
            : null;
    }

    /// <summary><c>sha256</c>, <c>sha512</c>, <c>sha1</c> or <c>md5</c>, by the number of digits.</summary>
    public static string AlgorithmOf(string hex) => Algorithms[hex.Length];

    [GeneratedRegex(@"\A(?:(?<algorithm>[a-z0-9]+):)?(?<hex>[0-9a-fA-F]{32,128})\z")]
    private static partial Regex Pattern();
}
