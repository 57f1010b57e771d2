using System.Text.Encodings.Web;
using System.Text.Json;

namespace Provenance.Archive.Exchange;

/// <summary>JSON for people and for other programs: indented, and the same bytes on every machine. It is neither hashed nor signed by us.</summary>
public static class PrettyJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // What is left unescaped matters in HTML alone.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="members">Writes the members of the one object.</param>
    public static byte[] Of(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>RFC 3339 with an offset: the checkers of RO-Crate profiles take no Z.</summary>
    public static string OffsetTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>RFC 3339 in UTC.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
