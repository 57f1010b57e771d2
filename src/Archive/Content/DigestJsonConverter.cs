using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Content;

/// <summary>A digest is a JSON string, and any other string is an error.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("not a sha256 digest");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
