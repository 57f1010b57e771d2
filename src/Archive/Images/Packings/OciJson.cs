using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Provenance.Archive.Images.Packings;

/// <summary>Reads the JSON of foreign images: what we do not know is passed over, what is ambiguous is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    MaxDepth = 64,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciDocument))]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveImage>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>))]
[JsonSerializable(typeof(LegacyLayer))]
internal sealed partial class OciJson : JsonSerializerContext
{
    /// <param name="json">May begin with a byte order mark.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="what">For the message: <c>manifest 'sha256:…'</c>.</param>
    /// <exception cref="ImageException">It is not JSON, or has another shape.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string what)
    {
        try
        {
            var text = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
            return JsonSerializer.Deserialize(text, type) ?? throw new ImageException($"{what}: is null");
        }
        catch (JsonException e)
        {
            string where = e.Path is null ? "" : $" at '{e.Path}'";
            throw new ImageException($"{what}: is no JSON of the expected form{where}", e);
        }
    }
}
