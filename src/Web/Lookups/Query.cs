using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Web.Lookups;

/// <summary>What somebody typed, and how it is understood. Nothing is guessed in silence: <see cref="Words"/> says it.</summary>
/// <param name="Kind">As what.</param>
/// <param name="Text">As it was typed, without white space around it.</param>
/// <param name="Value">What is looked up.</param>
/// <param name="Words">The interpretation, one sentence.</param>
public sealed partial record Query(QueryKind Kind, string Text, string Value, string Words)
{
    /// <summary>Characters that are looked at.</summary>
    public const int MaxLength = 2048;

    private const int MinPrefixDigits = 4;

    /// <summary>What stands before a digest in other systems.</summary>
    private static readonly string[] DigestIntroductions = ["hash://sha256/", "hash://sha512/", "hash://md5/", "hash://sha1/", "urn:sha256:", "@"];

    /// <param name="text">Whatever a reader holds.</param>
    public static Query Read(string? text)
    {
        string given = (text ?? "").Trim();
        if (given.Length == 0)
        {
            return new(QueryKind.Nothing, "", "", "nothing was asked");
        }

        if (given.Length > MaxLength)
        {
            return new(QueryKind.Nothing, given[..MaxLength], "", $"longer than {MaxLength} characters: not looked up");
        }

        // A person's address names the person.
        given = Person().Match(given) is { Success: true } person ? person.Groups[1].Value : given;
        return ReadDoi(given) ?? ReadAddress(given) ?? ReadSoftwareHeritage(given) ?? ReadDigest(given) ?? ReadPrefix(given) ?? ReadText(given);
    }

    private static Query? ReadDoi(string text) => Doi.TryParse(text, out var doi)
        ? new(QueryKind.Doi, text, doi.ToString(), $"a DOI: papers, and the runs they rest on, for doi:{doi}")
        : null;

    /// <summary>The path of an address says what it is, wherever this archive was served when somebody wrote it down.</summary>
    private static Query? ReadAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && OwnPath().Match(address.AbsolutePath) is { Success: true } match
            ? new(QueryKind.Address, text, match.Value, $"an address of an archive like this: {match.Value}")
            : null;

    private static Query? ReadSoftwareHeritage(string text) => Swhid().IsMatch(text)
        ? new(QueryKind.Foreign, text, text,
            "a Software Heritage identifier: it names a file by git's own SHA-1, which is not kept here; give the file's SHA-256")
        : null;

    private static Query? ReadDigest(string text)
    {
        string? introduction = Array.Find(DigestIntroductions, word => text.StartsWith(word, StringComparison.OrdinalIgnoreCase));
        string digits = text[(introduction?.Length ?? 0)..];
        digits = digits.StartsWith("SHA256:", StringComparison.Ordinal) ? digits.ToLowerInvariant() : digits;
        // As openssl prints a fingerprint.
        string bare = Fingerprint().IsMatch(digits) ? digits.Replace(":", "", StringComparison.Ordinal) : digits;
        if (ContentHex.Parse(bare) is not { } hex)
        {
            return null;
        }

        string algorithm = ContentHex.AlgorithmOf(hex);
        string what = algorithm == "sha256" ? "files, records, images, layers and certificates" : "files";
        return new(QueryKind.Digest, text, hex, $"{hex.Length} hex digits: looked up as {algorithm.ToUpperInvariant()} of {what}");
    }

    private static Query? ReadPrefix(string text)
    {
        string digits = text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
        return digits.Length >= MinPrefixDigits && digits.All(char.IsAsciiHexDigitLower)
            ? new(QueryKind.Prefix, text, digits, $"{digits.Length} hex digits: looked up as the beginning of a record's or an image's id, and as words")
            : null;
    }

    private static Query ReadText(string text) => text[0] == '/'
        ? new(QueryKind.Path, text, text, text[^1] == '/' ? "a folder in a container: files below it" : "a path in a container: files of that name")
        : new(QueryKind.Words, text, text, "words: names of images, files and hosts, of people who signed, titles of papers, and text of command lines");

    [GeneratedRegex(@"\A(?:https?://orcid\.org/|mailto:)(\S{3,})\z", RegexOptions.IgnoreCase)]
    private static partial Regex Person();

    [GeneratedRegex(@"/(runs|images|files|papers|signers|replays)/[^?#]+\z")]
    private static partial Regex OwnPath();

    [GeneratedRegex(@"\Aswh:1:(cnt|dir|rev|rel|snp):[0-9a-f]{40}")]
    private static partial Regex Swhid();

    [GeneratedRegex(@"\A([0-9A-Fa-f]{2}:){15,63}[0-9A-Fa-f]{2}\z")]
    private static partial Regex Fingerprint();
}
