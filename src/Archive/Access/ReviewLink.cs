using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>A link by which reviewers read some records without names.</summary>
public sealed record ReviewLink
{
    /// <summary>To name it by.</summary>
    public required long Id { get; init; }

    public required string Label { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>In order of digest.</summary>
    public required IReadOnlyList<Digest> Records { get; init; }

    public bool IsValidAt(DateTimeOffset time) => RevokedAt is null && !(ExpiresAt <= time);
}
