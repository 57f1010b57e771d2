using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>The beginning of a digest as people type it: at least 4 hex digits, with or without <c>sha256:</c>.</summary>
internal sealed partial record DigestPrefix
{
    /// <summary>Fewer digits name nothing.</summary>
    public const int MinDigits = 4;

    private const string Algorithm = "sha256:";

    private readonly string _hex;

    private DigestPrefix(string hex) => _hex = hex;

    /// <summary>The lowest digest that begins so.</summary>
    public SqlBlob Low => new(Convert.FromHexString(_hex.PadRight(2 * Digest.SizeBytes, '0')));

    /// <summary>The highest digest that begins so.</summary>
    public SqlBlob High => new(Convert.FromHexString(_hex.PadRight(2 * Digest.SizeBytes, 'f')));

    /// <returns>Null when the text is no beginning of a digest.</returns>
    public static DigestPrefix? Find(string text)
    {
        string hex = WithoutAlgorithm(text);
        return Hex().IsMatch(hex) ? new DigestPrefix(hex.ToLowerInvariant()) : null;
    }

    /// <summary>Whether it would be a beginning, had it more digits.</summary>
    public static bool IsTooShort(string text) =>
        WithoutAlgorithm(text) is { Length: > 0 and < MinDigits } hex && hex.All(char.IsAsciiHexDigit);

    private static string WithoutAlgorithm(string text) => text.StartsWith(Algorithm, StringComparison.Ordinal) ? text[Algorithm.Length..] : text;

    [GeneratedRegex(@"\A[0-9A-Fa-f]{4,64}\z")]
    private static partial Regex Hex();
}
