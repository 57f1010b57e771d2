using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>A tag and what it points to.</summary>
/// <param name="Repository">Where.</param>
/// <param name="Tag">Its name.</param>
/// <param name="Digest">Of the manifest.</param>
public sealed record PushedTag(string Repository, string Tag, Digest Digest)
{
    /// <summary>Who moved it last.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether he alone sees that there is one of that name, whoever may read the manifest.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>From then on everybody does all the same; null for never.</summary>
    public DateTimeOffset? PublicAt { get; init; }

    /// <param name="owner">Whose things may be read; null for nobody's.</param>
    /// <param name="time">At this time.</param>
    public bool MayBeReadBy(string? owner, DateTimeOffset time) => !IsPrivate || PublicAt <= time || Owner == owner;
}
