using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>A digest in a digest set: lowercase hex of exactly the algorithm's length, checked when read and when written.</summary>
public abstract class HexJsonConverter(int hashBytes) : JsonConverter<string>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Check(reader.GetString(), hashBytes);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Check(value, hashBytes));

    /// <exception cref="JsonException">It is not so many bytes in lowercase hex.</exception>
    internal static string Check(string? text, int hashBytes) =>
        text is not null && text.Length == 2 * hashBytes && !text.AsSpan().ContainsAnyExcept(HexDigits)
            ? text
            : throw new JsonException($"not {2 * hashBytes} lowercase hex digits");
}
