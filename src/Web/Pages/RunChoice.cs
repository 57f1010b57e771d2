using System.Globalization;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>The conditions of a list of runs, as they stand in an address: page and API read the same.</summary>
internal sealed record RunChoice
{
    public const int PageSize = 50;

    /// <summary>What an API's client may ask for at once.</summary>
    public const int MostAtOnce = 200;

    private const int MinTextLength = 3;

    /// <summary>In the order in which the page shows them.</summary>
    public static readonly IReadOnlyList<(string Name, string Label)> Fields =
    [
        ("text", "Words of the command"), ("image", "Image"), ("host", "Host"), ("program", "Program started"), ("cpuFeature", "Processor feature"),
        ("injected", "Injected library"), ("peer", "Network peer"), ("commit", "Git commit"), ("label", "Label (name or name=value)"), ("signer", "Signer's certificate"),
        ("since", "Started since (date)"), ("until", "Started before (date)"),
    ];

    public required RunQuery Query { get; init; }

    /// <summary>What was given, to be put into an address again.</summary>
    public required IReadOnlyDictionary<string, string> Given { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem { get; init; }

    public static RunChoice Read(IQueryCollection query)
    {
        string[] names = [.. Fields.Select(field => field.Name), "ended"];
        var given = names.Where(name => query[name].ToString().Trim().Length > 0).ToDictionary(name => name, name => query[name].ToString().Trim());
        string? problem = null;
        var digest = Of(given, "image") is { } image && (Digest.TryParse(image, out var named) || Digest.TryParseHex(image, out named)) ? named : null;
        string[]? label = Of(given, "label")?.Split('=', 2);
        string? after = query["after"].ToString() is { Length: > 0 } text ? text : null;
        RunPlace? place = null;
        Refuse(after is not null && !RunPlace.TryParse(after, out place), "after: is no place in the list");
        Refuse(Of(given, "text") is { Length: < MinTextLength }, $"text: {MinTextLength} letters at least");
        Refuse(Of(given, "ended") is not (null or "well" or "badly"), "ended: expected well or badly");
        int limit = query["limit"].ToString() is { Length: > 0 } number ? int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : 0 : PageSize;
        Refuse(limit is < 1 or > MostAtOnce, $"limit: expected 1 to {MostAtOnce}");
        Digest? signer = null;
        Refuse(Of(given, "signer") is { } certificate && !Digest.TryParse(certificate, out signer) && !Digest.TryParseHex(certificate, out signer),
            "signer: expected the SHA-256 of a certificate, 64 hex digits");
        const int MinCommitDigits = 7;
        Refuse(Of(given, "commit") is { } hash && (hash.Length < MinCommitDigits || !hash.All(char.IsAsciiHexDigitLower)), "commit: expected 7 hex digits or more");
        var asked = new RunQuery
        {
            Limit = limit,
            After = place,
            Since = Time("since"),
            Until = Time("until"),
            Image = digest,
            ImageReference = digest is null ? Of(given, "image") : null,
            CpuFeature = Of(given, "cpuFeature"),
            Injected = Of(given, "injected"),
            LabelName = label?[0],
            LabelValue = label is [_, var value] ? value : null,
            Text = Of(given, "text"),
            Host = Of(given, "host"),
            Peer = Of(given, "peer"),
            Program = Of(given, "program"),
            Commit = Of(given, "commit"),
            Signer = signer,
            Succeeded = Of(given, "ended") switch { "well" => true, "badly" => false, _ => null },
        };
        return new RunChoice { Query = asked, Given = given, Problem = problem };

        void Refuse(bool isWrong, string why) => problem ??= isWrong ? why : null;

        DateTimeOffset? Time(string name)
        {
            if (Of(given, name) is not { } written)
            {
                return null;
            }

            bool isTime = DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
            Refuse(!isTime, $"{name}: expected a date such as 2026-11-29");
            return isTime ? time : null;
        }
    }

    /// <summary>The address of a list with these conditions.</summary>
    /// <param name="path">Of page or API.</param>
    /// <param name="after">Where it goes on; null for the first page.</param>
    /// <param name="set">One more condition, in place of one of the same name.</param>
    public string Address(string path, RunPlace? after = null, (string Name, string Value)? set = null)
    {
        var pairs = Given.Where(pair => pair.Key != set?.Name).Select(pair => (Name: pair.Key, pair.Value));
        pairs = set is { } more ? pairs.Append(more) : pairs;
        pairs = after is null ? pairs : pairs.Append(("after", after.ToString()));
        string query = string.Join('&', pairs.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string? Of(Dictionary<string, string> given, string name) => given.GetValueOrDefault(name);
}
