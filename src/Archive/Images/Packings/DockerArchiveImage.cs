using System.Text.Json.Serialization;

namespace Provenance.Archive.Images.Packings;

/// <summary>One image in the manifest.json of <c>docker save</c>. Source: moby image/spec/spec.md v1.2.</summary>
internal sealed record DockerArchiveImage
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}
