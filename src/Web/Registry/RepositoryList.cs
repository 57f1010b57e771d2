namespace Provenance.Web.Registry;

/// <summary>Every repository: not of the specification, and asked for by most clients.</summary>
internal sealed record RepositoryList(IReadOnlyList<string> Repositories);
