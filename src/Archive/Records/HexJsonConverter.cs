using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>A digest in a digest set: lowercase hex of exactly the algorithm's length, checked when read and when written.</summary>
public abstract class HexJsonConverter(int hashBytes) : JsonConverter<string>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.GetString();
        return IsHex(text) ? text! : throw Wrong();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(IsHex(value) ? value : throw Wrong());

    private bool IsHex(string? text) =>
        text is not null && text.Length == 2 * hashBytes && !text.AsSpan().ContainsAnyExcept(HexDigits);

    private JsonException Wrong() => new($"not {2 * hashBytes} lowercase hex digits");
}
