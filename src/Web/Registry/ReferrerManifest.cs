namespace Provenance.Web.Registry;

/// <summary>The manifest of an artifact that speaks of an image.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, manifest.md, "Guidelines for artifact usage".</remarks>
internal sealed record ReferrerManifest
{
    public required int SchemaVersion { get; init; }

    public required string MediaType { get; init; }

    public required string ArtifactType { get; init; }

    public required ReferrerDescriptor Config { get; init; }

    public required IReadOnlyList<ReferrerDescriptor> Layers { get; init; }

    public required ReferrerDescriptor Subject { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }
}
