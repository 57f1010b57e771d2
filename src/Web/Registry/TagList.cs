namespace Provenance.Web.Registry;

/// <summary>Tags of a repository.</summary>
internal sealed record TagList(string Name, IReadOnlyList<string> Tags);
