namespace Provenance.Web.Registry;

/// <summary>The body of an error.</summary>
internal sealed record RegistryErrors(IReadOnlyList<RegistryErrorItem> Errors);
