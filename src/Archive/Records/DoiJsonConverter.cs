using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>A DOI in its one spelling; any other is refused, so that a record has one form.</summary>
internal sealed class DoiJsonConverter : JsonConverter<Doi>
{
    public override Doi Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && Doi.TryParse(text, out var doi) && doi.ToString() == text
            ? doi
            : throw new JsonException("is no DOI in lower case, 10.PREFIX/SUFFIX");

    public override void Write(Utf8JsonWriter writer, Doi value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
