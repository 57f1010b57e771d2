using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Tests.Records;

/// <summary>What the JSON Schema of a C# type must say, without the words for people: members, which of them are required, and what each is.</summary>
internal sealed class SchemaShape(JsonSerializerOptions options, IReadOnlyDictionary<Type, string> homes)
{
    private const string Common = "common.schema.json";

    private static readonly Dictionary<Type, string> Named = new()
    {
        [typeof(Digest)] = "digest",
        [typeof(Doi)] = "doi",
        [typeof(DateTimeOffset)] = "time",
        [typeof(Sha256HexJsonConverter)] = "sha256Hex",
        [typeof(Sha512HexJsonConverter)] = "sha512Hex",
        [typeof(Sha1HexJsonConverter)] = "sha1Hex",
        [typeof(Md5HexJsonConverter)] = "md5Hex",
    };

    /// <summary>The object itself. Its members refer to other objects.</summary>
    public JsonObject Of(Type type)
    {
        var members = Members(options.GetTypeInfo(type)).ToList();
        string file = HomeOf(type).File;
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(members.Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, Member(member, file)))),
            ["required"] = new JsonArray([.. members.Where(IsAlwaysThere).Select(member => JsonValue.Create(member.Name))]),
            ["additionalProperties"] = false,
        };
    }

    /// <summary>Every object that the type is made of, itself first.</summary>
    public IEnumerable<Type> Objects(Type root)
    {
        var found = new List<Type>();
        Visit(root);
        return found;

        void Visit(Type type)
        {
            var info = options.GetTypeInfo(type);
            if (info.Kind == JsonTypeInfoKind.Enumerable)
            {
                Visit(info.ElementType!);
            }
            else if (info.Kind == JsonTypeInfoKind.Object && !found.Contains(type))
            {
                found.Add(type);
                foreach (var member in Members(info))
                {
                    Visit(member.PropertyType);
                }
            }
        }
    }

    /// <summary>The file an object's schema stands in, and its name among the definitions; null when the file is its schema.</summary>
    public (string File, string? Definition) HomeOf(Type type)
    {
        string home = homes[type];
        return home.Contains('#', StringComparison.Ordinal)
            ? (home[..home.IndexOf('#', StringComparison.Ordinal)], JsonNamingPolicy.CamelCase.ConvertName(type.Name))
            : (home, null);
    }

    /// <summary>Without what is left out of the JSON on purpose, which has no getter here.</summary>
    private static IEnumerable<JsonPropertyInfo> Members(JsonTypeInfo info) => info.Properties.Where(member => member.Get is not null);

    /// <summary>What cannot be null is always written, whether the C# member is required or has a default.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo member) =>
        member.PropertyType.IsValueType ? Nullable.GetUnderlyingType(member.PropertyType) is null : !member.IsGetNullable;

    private JsonObject Member(JsonPropertyInfo member, string file) =>
        member.CustomConverter is { } converter && Named.TryGetValue(converter.GetType(), out string? name)
            ? Reference(Common, name, file)
            : Value(member.PropertyType, file);

    private JsonObject Value(Type declared, string file)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (Named.TryGetValue(type, out string? name))
        {
            return Reference(Common, name, file);
        }

        var info = options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Value(info.ElementType!, file) },
            JsonTypeInfoKind.Object => Reference(HomeOf(type).File, HomeOf(type).Definition, file),
            _ when type.IsEnum => new JsonObject { ["enum"] = Spellings(type, info) },
            _ => new JsonObject { ["type"] = Primitive(type) },
        };
    }

    private static JsonObject Reference(string home, string? definition, string from) => new()
    {
        ["$ref"] = (home == from ? "" : home) + (definition is null ? "" : $"#/$defs/{definition}"),
    };

    private static JsonArray Spellings(Type type, JsonTypeInfo info) =>
        [.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, info))];

    private static string Primitive(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "string",
        TypeCode.Boolean => "boolean",
        TypeCode.Int32 or TypeCode.Int64 => "integer",
        _ => throw new NotSupportedException($"{type} has no place in a record"),
    };
}
