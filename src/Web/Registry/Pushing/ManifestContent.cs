using System.Text.Json;
using System.Text.Json.Nodes;
using Provenance.Archive.Content;

namespace Provenance.Web.Registry.Pushing;

/// <summary>What a manifest that was sent says of itself. Members that we do not know are passed over, and kept: its bytes stay as they came.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, manifest.md and image-index.md; distribution-spec v1.1.1, "Pushing Manifests".</remarks>
internal sealed record ManifestContent
{
    /// <summary>The least that every registry must take (distribution-spec, "Pushing Manifests"), and the most that we do.</summary>
    public const int MostBytes = 4 << 20;

    private const int MostDescriptors = 100_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly string[] Indexes = [MediaTypes.ImageIndex, MediaTypes.DockerManifestList];

    private static readonly string[] ImageConfigs = [MediaTypes.ImageConfig, MediaTypes.DockerConfig];

    public required Descriptor Manifest { get; init; }

    /// <summary>Also of an image without one: the type of its config, as the list of referrers has it.</summary>
    public string? ArtifactType { get; init; }

    public Digest? Subject { get; init; }

    public string? Annotations { get; init; }

    /// <summary>Config and layers.</summary>
    public IReadOnlyList<Descriptor> Blobs { get; init; } = [];

    /// <summary>Those that may lie elsewhere, as their type says or an address beside them.</summary>
    public IReadOnlySet<Digest> Elsewhere { get; init; } = new HashSet<Digest>();

    /// <summary>Of an index.</summary>
    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    public bool IsIndex => Indexes.Contains(Manifest.MediaType);

    /// <summary>Whether it can be run, rather than being an artifact of some other kind.</summary>
    public bool IsImage { get; init; }

    public static bool IsKnown(string mediaType) =>
        Indexes.Contains(mediaType) || mediaType is MediaTypes.ImageManifest or MediaTypes.DockerManifest;

    /// <param name="bytes">As they came.</param>
    /// <param name="mediaType">As the request says.</param>
    /// <exception cref="FormatException">It is no manifest of that type. The message says why.</exception>
    public static ManifestContent Parse(byte[] bytes, string mediaType)
    {
        try
        {
            var root = JsonElement.Parse(bytes, Strict);
            if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("mediaType", out var own) && own.GetString() != mediaType)
            {
                throw new FormatException($"it says to be of another type than '{mediaType}'");
            }

            return Read(root, new Descriptor { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("it is not the JSON of a manifest", e);
        }
    }

    private static ManifestContent Read(JsonElement root, Descriptor manifest)
    {
        bool isIndex = Indexes.Contains(manifest.MediaType);
        JsonElement[] layers = isIndex ? [] : [.. List(root, "layers")];
        var config = isIndex ? null : root.TryGetProperty("config", out var found) ? Describe(found) : throw new FormatException("it has no config");
        string? type = root.TryGetProperty("artifactType", out var artifact) ? artifact.GetString() : null;
        var subject = root.TryGetProperty("subject", out var about) ? Describe(about) : null;
        Descriptor[] manifests = isIndex ? [.. List(root, "manifests").Select(Describe)] : [];
        return new ManifestContent
        {
            Manifest = manifest,
            ArtifactType = type is { Length: > 0 } ? type : config?.MediaType,
            Subject = subject?.Digest,
            Annotations = root.TryGetProperty("annotations", out var annotations) ? TextsOf(annotations) : null,
            Blobs = [.. config is null ? [] : new[] { config }, .. layers.Select(Describe)],
            Elsewhere = layers.Where(IsElsewhere).Select(layer => Describe(layer).Digest).ToHashSet(),
            Manifests = manifests,
            IsImage = type is null or "" && subject is null && (isIndex ? manifests.Length > 0 : layers.Length > 0 && ImageConfigs.Contains(config!.MediaType)),
        };
    }

    private static IEnumerable<JsonElement> List(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var list))
        {
            return name == "manifests" ? throw new FormatException("it has no manifests") : [];
        }

        return list.GetArrayLength() > MostDescriptors ? throw new FormatException($"it has more than {MostDescriptors} {name}") : list.EnumerateArray();
    }

    private static Descriptor Describe(JsonElement element)
    {
        string digest = element.GetProperty("digest").GetString() ?? "";
        long size = element.GetProperty("size").TryGetInt64(out long given) && given >= 0 ? given : throw new FormatException("a size is no number of bytes");
        return Digest.TryParse(digest, out var parsed)
            ? new Descriptor { MediaType = element.GetProperty("mediaType").GetString() ?? "", Digest = parsed, Size = size }
            : throw new FormatException($"'{digest[..Math.Min(digest.Length, 80)]}' is no sha256 digest");
    }

    private static bool IsElsewhere(JsonElement layer) =>
        layer.GetProperty("mediaType").GetString()!.Contains("nondistributable", StringComparison.Ordinal)
        || layer.GetProperty("mediaType").GetString()!.Contains(".foreign.", StringComparison.Ordinal)
        || (layer.TryGetProperty("urls", out var urls) && urls.GetArrayLength() > 0);

    /// <summary>An object of texts, written again so that nothing else is in it.</summary>
    private static string? TextsOf(JsonElement annotations)
    {
        var texts = new JsonObject();
        foreach (var member in annotations.EnumerateObject())
        {
            texts.Add(member.Name, member.Value.GetString());
        }

        return texts.Count == 0 ? null : texts.ToJsonString();
    }
}
