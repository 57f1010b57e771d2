namespace Provenance.Archive.Images.Packings;

/// <summary>A descriptor as it stands in foreign JSON. Source: OCI image-spec v1.1.1, descriptor.md.</summary>
internal sealed record OciDescriptor
{
    public string? MediaType { get; init; }

    public string? Digest { get; init; }

    public long? Size { get; init; }

    public OciPlatform? Platform { get; init; }

    /// <summary>Of the manifest it names, where that is an artifact's.</summary>
    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public static OciDescriptor Of(Content.Descriptor descriptor) =>
        new() { MediaType = descriptor.MediaType, Digest = descriptor.Digest.ToString(), Size = descriptor.Size };

    public string? Annotation(string name) => Annotations?.GetValueOrDefault(name);
}
