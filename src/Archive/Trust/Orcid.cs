using System.Diagnostics.CodeAnalysis;

namespace Provenance.Archive.Trust;

/// <summary>An ORCID iD in one spelling, <c>0000-0002-1825-0097</c>: the number by which a researcher is known, whatever the name.</summary>
/// <remarks>Source: support.orcid.org, "Structure of the ORCID Identifier": 16 signs, of which the last is the check character of ISO 7064 MOD 11-2.</remarks>
public static class Orcid
{
    private const int Signs = 16;
    private const int Group = 4;
    private const string Site = "https://orcid.org/";
    private static readonly string[] Introductions = [Site, "http://orcid.org/", "orcid.org/", "orcid:"];

    /// <summary>Where it is resolved; the form in which ORCID wants it written.</summary>
    public static string AddressOf(string orcid) => Site + orcid;

    /// <summary>Takes it bare, with or without its hyphens, behind <c>orcid:</c>, or as an address at orcid.org.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="orcid">With hyphens; null when it is none, or its check character is another.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? orcid)
    {
        orcid = null;
        if (text is null or { Length: > 64 })
        {
            return false;
        }

        string rest = text.Trim();
        string introduction = Array.Find(Introductions, word => rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)) ?? "";
        rest = rest[introduction.Length..].TrimEnd('/');
        string signs = rest.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
        string written = string.Join('-', signs.Chunk(Group).Select(group => new string(group)));
        bool isSpelled = signs.Length == Signs && (rest.Length == Signs || rest.Equals(written, StringComparison.OrdinalIgnoreCase))
            && signs[..^1].All(char.IsAsciiDigit) && signs[^1] == CheckOf(signs.AsSpan(0, Signs - 1));
        orcid = isSpelled ? written : null;
        return isSpelled;
    }

    /// <summary>ISO 7064 MOD 11-2.</summary>
    private static char CheckOf(ReadOnlySpan<char> digits)
    {
        int total = 0;
        foreach (char digit in digits)
        {
            total = (total + (digit - '0')) * 2;
        }

        int check = (12 - (total % 11)) % 11;
        return check == 10 ? 'X' : (char)('0' + check);
    }
}
