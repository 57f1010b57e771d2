namespace Provenance.Archive.Images.Packings;

/// <summary>A descriptor as it stands in foreign JSON. Source: OCI image-spec v1.1.1, descriptor.md.</summary>
internal sealed record OciDescriptor
{
    public string? MediaType { get; init; }

    public string? Digest { get; init; }

    public long? Size { get; init; }

    public OciPlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public string? Annotation(string name) => Annotations?.GetValueOrDefault(name);
}
