using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Provenance.Archive.Exchange;

/// <summary>W3C PROV as text for people. Made from our own PROV-JSON, so that the two cannot say different things.</summary>
/// <remarks>Source: PROV-N: The Provenance Notation (W3C Recommendation, 30 April 2013).</remarks>
internal static class ProvN
{
    /// <summary>The positional arguments of each expression, §3; what is optional and absent is written as a minus sign.</summary>
    private static readonly (string Section, string Name, string[] Arguments)[] Expressions =
    [
        ("entity", "entity", []),
        ("activity", "activity", ["prov:startTime", "prov:endTime"]),
        ("agent", "agent", []),
        ("used", "used", ["prov:activity", "prov:entity", "prov:time"]),
        ("wasGeneratedBy", "wasGeneratedBy", ["prov:entity", "prov:activity", "prov:time"]),
        ("wasAssociatedWith", "wasAssociatedWith", ["prov:activity", "prov:agent", "prov:plan"]),
        ("wasInfluencedBy", "wasInfluencedBy", ["prov:influencee", "prov:influencer"]),
        ("wasAttributedTo", "wasAttributedTo", ["prov:entity", "prov:agent"]),
    ];

    /// <param name="provJson">As <see cref="ProvJson"/> writes it.</param>
    public static byte[] Of(byte[] provJson)
    {
        using var document = JsonDocument.Parse(provJson);
        var text = new StringBuilder("document\n");
        foreach (var prefix in document.RootElement.GetProperty("prefix").EnumerateObject())
        {
            text.Append(CultureInfo.InvariantCulture, $"  prefix {prefix.Name} <{prefix.Value.GetString()}>\n");
        }

        foreach (var (section, name, arguments) in Expressions)
        {
            if (document.RootElement.TryGetProperty(section, out var all))
            {
                foreach (var one in all.EnumerateObject())
                {
                    Write(text, name, arguments, one);
                }
            }
        }

        text.Append("endDocument\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, string name, string[] arguments, JsonProperty one)
    {
        // Blank nodes of PROV-JSON are names for relations that have none.
        IEnumerable<string> named = one.Name.StartsWith("_:", StringComparison.Ordinal) ? [] : [one.Name];
        var places = arguments.Select(argument => one.Value.TryGetProperty(argument, out var value) ? value.GetString()! : "-");
        string[] attributes =
        [
            .. one.Value.EnumerateObject().Where(member => !arguments.Contains(member.Name)).Select(member => $"{member.Name}={Literal(member.Value)}"),
        ];
        IEnumerable<string> all = named.Concat(places);
        all = attributes.Length > 0 ? all.Append($"[{string.Join(", ", attributes)}]") : all;
        text.Append(CultureInfo.InvariantCulture, $"  {name}({string.Join(", ", all)})\n");
    }

    private static string Literal(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? $"'{value.GetProperty("$").GetString()}'"
        : $"\"{Escape(value.GetString()!)}\"";

    /// <summary>§3.7.3 with ECHAR of SPARQL: a string in one line.</summary>
    private static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => @"\\",
        '"' => "\\\"",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        '\b' => @"\b",
        '\f' => @"\f",
        _ => c.ToString(),
    }));
}
