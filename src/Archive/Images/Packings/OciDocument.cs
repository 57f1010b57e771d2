using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provenance.Archive.Images.Packings;

/// <summary>A manifest or an index as it stands in foreign JSON: anything may be absent, and members we do not know are passed over.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, manifest.md and image-index.md; Docker's schema 2 has the same members.</remarks>
internal sealed record OciDocument
{
    public int? SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    /// <summary>What an artifact is that is no image.</summary>
    public string? ArtifactType { get; init; }

    public OciDescriptor? Config { get; init; }

    public IReadOnlyList<OciDescriptor>? Layers { get; init; }

    public IReadOnlyList<OciDescriptor>? Manifests { get; init; }

    /// <summary>Only in Docker's schema 1.</summary>
    [JsonPropertyName("fsLayers")]
    public IReadOnlyList<JsonElement>? FsLayers { get; init; }

    /// <summary>What an artifact speaks of.</summary>
    public OciDescriptor? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
