namespace Provenance.Web.Registry;

/// <summary>What refers to a manifest.</summary>
internal sealed record ReferrerIndex(int SchemaVersion, string MediaType, IReadOnlyList<ReferrerDescriptor> Manifests);
