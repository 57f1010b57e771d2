using System.Text.Json;

namespace Provenance.Archive.Images.Packings;

/// <summary>A JSON object of a foreign image and the path to it. An absent member and one that is null are the same; another type is an error.</summary>
internal readonly struct OciNode
{
    private readonly string _path;

    private OciNode(JsonElement element, string path)
    {
        Element = element;
        _path = path;
    }

    public JsonElement Element { get; }

    /// <exception cref="JsonException">It is no object.</exception>
    public static OciNode Root(JsonElement element) => ObjectAt(element, "$");

    public OciNode? Object(string name) => Find(name) is { } member ? ObjectAt(member, PathOf(name)) : null;

    public string? Text(string name) => Find(name) is { } member ? TextAt(member, PathOf(name)) : null;

    /// <param name="name">Of the member.</param>
    /// <param name="most">What the number may be at most; it may be negative.</param>
    public long? Number(string name, long most)
    {
        if (Find(name) is not { } member)
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out long number) && number <= most && number >= -most - 1
            ? number
            : throw Unexpected(PathOf(name));
    }

    public IReadOnlyList<T>? List<T>(string name, Func<OciNode, T> read)
    {
        string path = PathOf(name);
        return Items(name)?.Select((item, i) => read(ObjectAt(item, $"{path}[{i}]"))).ToArray();
    }

    public IReadOnlyList<string>? TextList(string name)
    {
        string path = PathOf(name);
        return Items(name)?.Select((item, i) => TextAt(item, $"{path}[{i}]")).ToArray();
    }

    /// <summary>Takes a single string for a list of one: early versions of Docker wrote commands so.</summary>
    public IReadOnlyList<string>? TextOrList(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } text ? [text.GetString()!] : TextList(name);

    /// <summary>An object whose members are all strings.</summary>
    public IReadOnlyDictionary<string, string>? Texts(string name)
    {
        string path = PathOf(name);
        return Object(name)?.Element.EnumerateObject().ToDictionary(m => m.Name, m => TextAt(m.Value, $"{path}.{m.Name}"));
    }

    /// <summary>An object of which only the names matter.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Members(string name) =>
        Object(name)?.Element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.Clone());

    private static OciNode ObjectAt(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object ? new OciNode(element, path) : throw Unexpected(path);

    private static string TextAt(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw Unexpected(path);
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8.
            throw Unexpected(path);
        }
    }

    private static JsonException Unexpected(string path) => new("has another type than expected", path, null, null);

    private JsonElement.ArrayEnumerator? Items(string name)
    {
        if (Find(name) is not { } member)
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.Array ? member.EnumerateArray() : throw Unexpected(PathOf(name));
    }

    private JsonElement? Find(string name) =>
        Element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private string PathOf(string name) => $"{_path}.{name}";
}
