using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>How a run is cited: DataCite, CITATION.cff and BibTeX. Derived from the record; nobody has signed it.</summary>
/// <remarks>
/// Sources: DataCite Metadata Schema 4.6 in the JSON of DataCite's content negotiation, whose publisher is an object since 4.5; Citation File Format
/// 1.2.0, schema.json; BibTeX's @misc.
/// </remarks>
public static partial class CitationFormats
{
    public static byte[] DataCite(CitableRun run) => PrettyJson.Of(json =>
    {
        json.WriteString("schemaVersion", "http://datacite.org/schema/kernel-4");
        if (run.Site is not null)
        {
            json.WriteString("url", run.Address);
        }

        Objects(json, "identifiers", ("identifier", run.Address), ("identifierType", run.AddressType));
        Objects(json, "alternateIdentifiers", ("alternateIdentifier", run.Row.Record.ToString()), ("alternateIdentifierType", "SHA-256 of the signed record"));
        Creators(json, run);
        Objects(json, "titles", ("title", run.Title));
        json.WriteStartObject("publisher");
        json.WriteString("name", run.Publisher);
        json.WriteEndObject();
        json.WriteString("publicationYear", run.Row.EndedAt.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture));
        Objects(json, "dates", ("date", PrettyJson.Time(run.Row.EndedAt)), ("dateType", "Created"));
        json.WriteStartObject("types");
        json.WriteString("resourceTypeGeneral", "Dataset");
        json.WriteString("resourceType", "Signed record of a computation");
        json.WriteEndObject();
        json.WriteStartArray("relatedIdentifiers");
        foreach (var doi in run.Citations.Select(citation => citation.Doi).Distinct())
        {
            Related(json, doi.ToString(), "DOI", "IsSupplementTo");
        }

        Related(json, run.ImageAddress, run.AddressType, "Requires");
        if (run.Site is not null)
        {
            Related(json, $"{run.Address}/{BundleNames.RoCrate}", "URL", "HasMetadata");
        }

        json.WriteEndArray();
    });

    public static byte[] Cff(CitableRun run)
    {
        var yaml = new StringBuilder();
        yaml.Append("cff-version: 1.2.0\n");
        yaml.Append("message: \"If you use this run, please cite it using these metadata.\"\n");
        yaml.Append("type: dataset\n");
        yaml.Append(CultureInfo.InvariantCulture, $"title: {Quote(run.Title)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"authors:\n  - name: {Quote(run.Author)}\n");
        if (run.AuthorOrcid is { } orcid)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"    orcid: {Quote(Orcid.AddressOf(orcid))}\n");
        }

        yaml.Append(CultureInfo.InvariantCulture, $"date-released: {Quote(run.Row.EndedAt.UtcDateTime.ToString("yyyy-MM-dd"))}\n");
        if (run.Site is not null)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"url: {Quote(run.Address)}\n");
        }

        yaml.Append(CultureInfo.InvariantCulture, $"identifiers:\n  - type: other\n    value: {Quote(run.Row.Record.ToString())}\n");
        yaml.Append("    description: \"SHA-256 of the signed record\"\n");
        foreach (var (citation, position) in run.Citations.DistinctBy(citation => citation.Doi).Select((citation, position) => (citation, position)))
        {
            yaml.Append(position == 0 ? "references:\n" : "");
            yaml.Append(CultureInfo.InvariantCulture, $"  - type: article\n    title: {Quote(citation.Title ?? $"doi:{citation.Doi}")}\n");
            // Who wrote the paper is not known here: whoever cites need not have. The format wants an author.
            yaml.Append(CultureInfo.InvariantCulture, $"    authors:\n      - name: {Quote($"the authors of doi:{citation.Doi}")}\n");
            string doi = citation.Doi.ToString();
            yaml.Append(CffDoi().IsMatch(doi) ? $"    doi: {Quote(doi)}\n" : $"    url: {Quote(citation.Doi.Address)}\n");
        }

        return Encoding.UTF8.GetBytes(yaml.ToString());
    }

    public static byte[] BibTex(CitableRun run)
    {
        (string Name, string Value)[] fields =
        [
            ("author", Escape(run.Author)), ("title", Escape(run.Title)), ("year", $"{run.Row.EndedAt.UtcDateTime.Year}"),
            ("howpublished", $@"\url{{{run.Address}}}"), ("note", $"Signed record of a computation, {run.Row.Record}"),
        ];
        string body = string.Join(",\n", fields.Select(field => $"  {field.Name} = {{{field.Value}}}"));
        return Encoding.UTF8.GetBytes($"@misc{{prov-{run.Row.Record.Abbreviated},\n{body}\n}}\n");
    }

    private static void Creators(Utf8JsonWriter json, CitableRun run)
    {
        json.WriteStartArray("creators");
        json.WriteStartObject();
        json.WriteString("name", run.Author);
        json.WriteString("nameType", "Personal");
        if (run.AuthorOrcid is { } orcid)
        {
            Objects(json, "nameIdentifiers", ("nameIdentifier", Orcid.AddressOf(orcid)), ("nameIdentifierScheme", "ORCID"), ("schemeUri", "https://orcid.org"));
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Objects(Utf8JsonWriter json, string name, params (string Name, string Value)[] members)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        foreach (var (member, value) in members)
        {
            json.WriteString(member, value);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Related(Utf8JsonWriter json, string identifier, string type, string relation)
    {
        json.WriteStartObject();
        json.WriteString("relatedIdentifier", identifier);
        json.WriteString("relatedIdentifierType", type);
        json.WriteString("relationType", relation);
        json.WriteEndObject();
    }

    /// <summary>YAML 1.2 §7.3.1. JSON's escapes would do but for characters beyond U+FFFF, whose halves are no characters in YAML.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            bool isPlain = rune.Value == ' ' || !(Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format);
            quoted.Append(rune.Value is '"' or '\\' ? $"\\{rune}" : isPlain ? rune.ToString() : $"\\U{rune.Value:X8}");
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>What BibTeX and TeX take for more than itself. BibTeX counts a brace behind a backslash too: none may stand there by itself.</summary>
    private static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => @"\textbackslash{}",
        '{' => @"\textbraceleft{}",
        '}' => @"\textbraceright{}",
        '%' or '&' or '#' or '_' or '$' => $"\\{c}",
        '~' => @"\textasciitilde{}",
        '^' => @"\textasciicircum{}",
        _ => c.ToString(),
    }));

    /// <summary>What the format takes for a DOI; others are given by their address.</summary>
    [GeneratedRegex(@"\A10\.[0-9]{4,9}(?:\.[0-9]+)?/[A-Za-z0-9:/_;.()\[\]\\-]+\z")]
    private static partial Regex CffDoi();
}
