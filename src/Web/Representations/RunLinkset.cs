using System.Text.Json;
using Provenance.Archive.Exchange;
using Provenance.Web.Pages;

namespace Provenance.Web.Representations;

/// <summary>All typed links of a run's page, in one document.</summary>
/// <remarks>Source: RFC 9264 §4.2.</remarks>
internal static class RunLinkset
{
    public static byte[] Of(RunPage page) => PrettyJson.Of(json =>
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

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
