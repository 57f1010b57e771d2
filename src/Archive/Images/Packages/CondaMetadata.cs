using System.Text.Json;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Reads a file of conda-meta: a package of an environment, with all its files.</summary>
/// <remarks>Source: conda, "conda.models.records.PrefixRecord".</remarks>
internal static class CondaMetadata
{
    public static IEnumerable<ImagePackage> Read(ReadOnlyMemory<byte> json)
    {
        var members = Members(json.Span);
        if (members.TryGetValue("name", out string? name) && members.TryGetValue("version", out string? version))
        {
            yield return new ImagePackage
            {
                Manager = "conda",
                Name = name,
                Version = version,
                Architecture = members.GetValueOrDefault("subdir"),
                Build = members.GetValueOrDefault("build") ?? members.GetValueOrDefault("build_string"),
            };
        }
    }

    /// <summary>Those of the outermost object that are texts. Read as it goes: a list of a hundred thousand files takes no memory.</summary>
    private static Dictionary<string, string> Members(ReadOnlySpan<byte> json)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                string name = reader.GetString()!;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && members.Count < 100)
                {
                    members[name] = reader.GetString()!;
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ImageException("is no JSON", e);
        }

        return members;
    }
}
