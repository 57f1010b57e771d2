using System.Buffers;
using System.Text;
using System.Text.Json;
using Provenance.Archive.Trust;
using Provenance.Archive.Wording;
using Provenance.Web.Pages;

namespace Provenance.Web.Representations;

/// <summary>What harvesters read of a run's page: schema.org's Dataset in JSON-LD.</summary>
internal static class SchemaOrg
{
    public static string Of(RunPage page)
    {
        var bytes = new ArrayBufferWriter<byte>();
        // The default encoder escapes what could end the script element around it.
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("@context", "https://schema.org");
            json.WriteString("@type", "Dataset");
            json.WriteString("@id", page.Address);
            json.WriteString("url", page.Address);
            json.WriteString("name", $"Run {page.Row.Record.Abbreviated}: {PageText.Shorten(page.Row.Command)}");
            json.WriteString("description", $"{page.Record.Image.Reference} ran for {Readable.Duration(page.Record.Outcome.WallMilliseconds)} and made "
                + $"{Readable.Count(page.Outputs.Count, "file", "files")}; recorded and signed by prov.");
            json.WriteString("identifier", page.Row.Record.ToString());
            json.WriteString("datePublished", PageText.Iso(page.Row.EndedAt));
            json.WriteStartObject("creator");
            json.WriteString("@type", "Person");
            json.WriteString("name", page.Row.SignerName ?? "unknown");
            if (page.Judged.Facts.Signature.Signer?.Orcid is { } orcid)
            {
                json.WriteString("identifier", Orcid.AddressOf(orcid));
            }

            json.WriteEndObject();
            json.WriteStartArray("distribution");
            json.WriteStartObject();
            json.WriteString("@type", "DataDownload");
            json.WriteString("contentUrl", $"{page.Address}/{Representation.Bundle.Name}");
            json.WriteString("encodingFormat", Representation.Bundle.MediaType);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
