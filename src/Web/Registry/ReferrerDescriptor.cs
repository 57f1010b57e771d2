namespace Provenance.Web.Registry;

/// <summary>A descriptor as it stands in manifests of referrers and in the list of them.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, descriptor.md.</remarks>
internal sealed record ReferrerDescriptor(
    string MediaType, string Digest, long Size, string? ArtifactType = null, IReadOnlyDictionary<string, string>? Annotations = null);
