using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>A tag and what it points to.</summary>
/// <param name="Repository">Where.</param>
/// <param name="Tag">Its name.</param>
/// <param name="Digest">Of the manifest.</param>
public sealed record PushedTag(string Repository, string Tag, Digest Digest);
