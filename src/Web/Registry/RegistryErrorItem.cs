namespace Provenance.Web.Registry;

/// <summary>One error.</summary>
internal sealed record RegistryErrorItem(string Code, string Message);
