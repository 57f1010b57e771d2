namespace Provenance.Archive.Access;

/// <summary>A token, as it is kept: without its text.</summary>
public sealed record AccessToken
{
    /// <summary>To name it by.</summary>
    public required long Id { get; init; }

    public required string Label { get; init; }

    /// <summary>What arrives by it is his.</summary>
    public required string Owner { get; init; }

    public required TokenScopes Scopes { get; init; }

    /// <summary>Whether what arrives by it is restricted to its owner, unless it says otherwise.</summary>
    public bool IsPrivate { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the hour; null when it never was.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public bool IsValidAt(DateTimeOffset time) => RevokedAt is null && !(ExpiresAt <= time);
}
