using System.Globalization;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>The conditions of a list of runs, as they stand in an address: page and API read the same.</summary>
internal sealed class RunChoice
{
    public const int PageSize = 50;

    /// <summary>What an API's client may ask for at once.</summary>
    public const int MostAtOnce = 200;

    /// <summary>In the order in which the page shows them.</summary>
    public static readonly IReadOnlyList<(string Name, string Label)> Fields =
    [
        ("text", "Words of the command"), ("image", "Image"), ("package", "Package of the image (name or name=version)"),
        ("host", "Host"), ("program", "Program started"), ("cpuFeature", "Processor feature"),
        ("injected", "Injected library"), ("peer", "Network peer"), ("commit", "Git commit"), ("label", "Label (name or name=value)"),
        ("signer", "Signer's certificate"), ("since", "Started since (date)"), ("until", "Started before (date)"),
    ];

    private const int MinTextLength = 3;
    private const int MinCommitDigits = 7;

    private readonly IQueryCollection _asked;
    private readonly Dictionary<string, string> _given;

    private RunChoice(IQueryCollection asked)
    {
        _asked = asked;
        _given = Fields.Select(field => field.Name).Append("ended")
            .Where(name => asked[name].ToString().Trim().Length > 0)
            .ToDictionary(name => name, name => asked[name].ToString().Trim());
        string[]? label = Of("label")?.Split('=', 2);
        string[]? package = Of("package")?.Split('=', 2);
        var image = ReadImage();
        Query = new RunQuery
        {
            Limit = ReadLimit(),
            After = ReadPlace(),
            Since = ReadTime("since"),
            Until = ReadTime("until"),
            Image = image,
            ImageReference = image is null ? Of("image") : null,
            Package = package?[0],
            PackageVersion = package is [_, { Length: > 0 } of] ? of : null,
            CpuFeature = Of("cpuFeature"),
            Injected = Of("injected"),
            LabelName = label?[0],
            LabelValue = label is [_, var value] ? value : null,
            Text = Unless(Of("text"), text => text.Length < MinTextLength, $"text: {MinTextLength} letters at least"),
            Host = Of("host"),
            Peer = Of("peer"),
            Program = Of("program"),
            Commit = Unless(Of("commit"), IsNoCommit, $"commit: expected {MinCommitDigits} hex digits or more"),
            Signer = ReadSigner(),
            Succeeded = Unless(Of("ended"), word => word is not ("well" or "badly"), "ended: expected well or badly") is { } word ? word == "well" : null,
        };
    }

    public RunQuery Query { get; }

    /// <summary>What was given, to be put into an address again.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    /// <summary>What is wrong with it, the first; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public static RunChoice Read(IQueryCollection query) => new(query);

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

    private string? Of(string name) => _given.GetValueOrDefault(name);

    private string? Unless(string? value, Func<string, bool> isWrong, string why)
    {
        if (value is not null && isWrong(value))
        {
            Problem ??= why;
        }

        return value;
    }

    private static bool IsNoCommit(string hash) => hash.Length < MinCommitDigits || !hash.All(char.IsAsciiHexDigitLower);

    /// <summary>A digest; any other text is a name.</summary>
    private Digest? ReadImage() => Digest.TryParse(Of("image"), out var digest) || Digest.TryParseHex(Of("image"), out digest) ? digest : null;

    private Digest? ReadSigner()
    {
        Digest? signer = null;
        Unless(
            Of("signer"),
            text => !Digest.TryParse(text, out signer) && !Digest.TryParseHex(text, out signer),
            "signer: expected the SHA-256 of a certificate, 64 hex digits");
        return signer;
    }

    private RunPlace? ReadPlace()
    {
        RunPlace? place = null;
        string after = _asked["after"].ToString();
        Unless(after.Length > 0 ? after : null, text => !RunPlace.TryParse(text, out place), "after: is no place in the list");
        return place;
    }

    private int ReadLimit()
    {
        int limit = PageSize;
        string text = _asked["limit"].ToString();
        Unless(
            text.Length > 0 ? text : null,
            number => !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostAtOnce,
            $"limit: expected 1 to {MostAtOnce}");
        return limit is >= 1 and <= MostAtOnce ? limit : PageSize;
    }

    private DateTimeOffset? ReadTime(string name)
    {
        DateTimeOffset time = default;
        string? text = Unless(
            Of(name),
            written => !DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time),
            $"{name}: expected a date such as 2026-11-29");
        return text is null ? null : time;
    }
}
