using System.Globalization;
using System.Text;
using System.Text.Json;
using Provenance.Archive.Exchange;
using Provenance.Web.Pages;

namespace Provenance.Web.Representations;

/// <summary>How a run is cited: DataCite, CITATION.cff and BibTeX. Derived from the record; nobody has signed it.</summary>
/// <remarks>Sources: DataCite Metadata Schema 4.6 as its REST API writes it; Citation File Format 1.2.0; BibTeX's @misc.</remarks>
internal static class RunFormats
{
    public static byte[] DataCite(RunPage page) => PrettyJson.Of(json =>
    {
        json.WriteString("schemaVersion", "http://datacite.org/schema/kernel-4");
        json.WriteString("url", page.Address);
        Objects(json, "identifiers", ("identifier", page.Address), ("identifierType", "URL"));
        Objects(json, "alternateIdentifiers", ("alternateIdentifier", page.Row.Record.ToString()), ("alternateIdentifierType", "SHA-256 of the signed record"));
        Objects(json, "creators", ("name", Author(page)), ("nameType", "Personal"));
        Objects(json, "titles", ("title", Title(page)));
        json.WriteString("publisher", page.Head.Site);
        json.WriteNumber("publicationYear", page.Row.EndedAt.UtcDateTime.Year);
        Objects(json, "dates", ("date", PageText.Iso(page.Row.EndedAt)), ("dateType", "Created"));
        json.WriteStartObject("types");
        json.WriteString("resourceTypeGeneral", "Dataset");
        json.WriteString("resourceType", "Signed record of a computation");
        json.WriteEndObject();
        json.WriteStartArray("relatedIdentifiers");
        foreach (var doi in page.Citations.Select(citation => citation.Doi).Distinct())
        {
            Related(json, doi.ToString(), "DOI", "IsSupplementTo");
        }

        Related(json, page.Address[..page.Address.LastIndexOf("/runs/", StringComparison.Ordinal)] + Paths.Image(page.Row.ImageManifest), "URL", "Requires");
        Related(json, $"{page.Address}/{Representation.RoCrate.Name}", "URL", "HasMetadata");
        json.WriteEndArray();
    });

    public static byte[] Cff(RunPage page)
    {
        var yaml = new StringBuilder();
        yaml.Append("cff-version: 1.2.0\n");
        yaml.Append("message: \"If you use this run, please cite it using these metadata.\"\n");
        yaml.Append("type: dataset\n");
        yaml.Append(CultureInfo.InvariantCulture, $"title: {Quote(Title(page))}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"authors:\n  - name: {Quote(Author(page))}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"date-released: {Quote(page.Row.EndedAt.UtcDateTime.ToString("yyyy-MM-dd"))}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"url: {Quote(page.Address)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"identifiers:\n  - type: other\n    value: {Quote(page.Row.Record.ToString())}\n");
        yaml.Append("    description: \"SHA-256 of the signed record\"\n");
        foreach (var (citation, position) in page.Citations.DistinctBy(citation => citation.Doi).Select((citation, position) => (citation, position)))
        {
            yaml.Append(position == 0 ? "references:\n" : "");
            yaml.Append(CultureInfo.InvariantCulture, $"  - type: article\n    title: {Quote(citation.Title ?? $"doi:{citation.Doi}")}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    authors:\n      - name: {Quote(citation.SignerName ?? "unknown")}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    doi: {Quote(citation.Doi.ToString())}\n");
        }

        return Encoding.UTF8.GetBytes(yaml.ToString());
    }

    public static byte[] BibTex(RunPage page)
    {
        (string Name, string Value)[] fields =
        [
            ("author", Escape(Author(page))), ("title", Escape(Title(page))), ("year", $"{page.Row.EndedAt.UtcDateTime.Year}"),
            ("howpublished", $@"\url{{{page.Address}}}"), ("note", $"Signed record of a computation, {page.Row.Record}"),
        ];
        string body = string.Join(",\n", fields.Select(field => $"  {field.Name} = {{{field.Value}}}"));
        return Encoding.UTF8.GetBytes($"@misc{{prov-{page.Row.Record.Abbreviated},\n{body}\n}}\n");
    }

    public static byte[] Linkset(RunPage page) => PrettyJson.Of(json =>
    {
        json.WriteStartArray("linkset");
        json.WriteStartObject();
        json.WriteString("anchor", page.Address);
        foreach (var relation in Signposting.All(page, page.Address).GroupBy(link => link.Relation))
        {
            json.WriteStartArray(relation.Key);
            foreach (var link in relation)
            {
                json.WriteStartObject();
                json.WriteString("href", link.Address);
                WriteIf(json, "type", link.Type);
                if (link.Profile is { } profile)
                {
                    json.WriteStartArray("profile");
                    json.WriteStringValue(profile);
                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static string Title(RunPage page) => $"Run {page.Row.Record.Abbreviated}: {PageText.Shorten(page.Row.Command)} in {page.Row.ImageReference}";

    private static string Author(RunPage page) => page.Row.SignerName ?? "unknown";

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

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>A JSON string is a YAML string too (YAML 1.2 §1.3).</summary>
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>What BibTeX and TeX take for more than itself.</summary>
    private static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => @"\textbackslash{}",
        '{' or '}' or '%' or '&' or '#' or '_' or '$' => $"\\{c}",
        '~' => @"\textasciitilde{}",
        '^' => @"\textasciicircum{}",
        _ => c.ToString(),
    }));
}
