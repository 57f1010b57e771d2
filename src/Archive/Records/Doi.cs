using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Records;

/// <summary>A Digital Object Identifier in one spelling: <c>10.1234/abc</c>, letters of ASCII in lower case.</summary>
/// <remarks>
/// Source: ISO 26324 and the DOI Handbook §2: a prefix and a suffix of any printable characters, in which case does not count. One with a part that is
/// <c>.</c> or <c>..</c> is taken for none: no address can have it (RFC 3986 §5.2.4; the URL Standard takes <c>%2e</c> for a dot), so that it would
/// lead to another page, here and at doi.org.
/// </remarks>
[JsonConverter(typeof(DoiJsonConverter))]
public sealed partial record Doi
{
    /// <summary>Characters; the standard has no bound.</summary>
    private const int MaxLength = 512;

    /// <summary>What stands in front of it where people write it, lower case.</summary>
    private static readonly string[] Introductions =
    [
        "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "https://www.doi.org/",
        "doi.org/", "dx.doi.org/", "urn:doi:", "info:doi/", "doi:",
    ];

    private readonly string _text;

    private Doi(string text) => _text = text;

    /// <summary>As it stands in the path of an address: percent-encoded but for its slashes.</summary>
    public string Escaped => string.Join('/', _text.Split('/').Select(Uri.EscapeDataString));

    /// <summary>Where it is resolved.</summary>
    public string Address => $"https://doi.org/{Escaped}";

    /// <summary>Takes any of its spellings: bare, <c>doi:…</c>, or an address at doi.org, percent-encoded or not.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static Doi Parse(string text) => TryParse(text, out var doi) ? doi : throw new FormatException($"'{text}' is no DOI, expected 10.PREFIX/SUFFIX");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Doi? doi)
    {
        doi = null;
        if (text is null or { Length: > 2 * MaxLength })
        {
            return false;
        }

        string rest = text.Trim();
        if (Array.Find(Introductions, word => rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)) is { } introduction)
        {
            rest = rest[introduction.Length..].TrimStart();
            rest = introduction.Contains("://", StringComparison.Ordinal) ? Uri.UnescapeDataString(rest) : rest;
        }

        rest = rest.ToLowerInvariant();
        if (rest.Length <= MaxLength && Pattern().IsMatch(rest) && !rest.Any(char.IsControl) && !rest.Split('/').Any(part => part is "." or ".."))
        {
            doi = new Doi(rest);
        }

        return doi is not null;
    }

    public override string ToString() => _text;

    [GeneratedRegex(@"\A10\.[0-9]{4,9}(\.[0-9]+)*/[^\s\p{C}]+\z")]
    private static partial Regex Pattern();
}
