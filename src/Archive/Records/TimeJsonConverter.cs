using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>An instant is written in exactly one way: RFC 3339, UTC, milliseconds, <c>2026-11-24T04:05:06.789Z</c>.</summary>
public sealed class TimeJsonConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(reader.GetString(), Form, CultureInfo.InvariantCulture, Utc, out var time)
            ? time
            : throw new JsonException("not a time such as 2026-11-24T04:05:06.789Z");
    }

    /// <summary>What is finer than a millisecond is cut off.</summary>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));

    public static string Format(DateTimeOffset time) => time.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture);
}
