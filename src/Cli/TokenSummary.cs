using Provenance.Archive.Access;

namespace Provenance.Cli;

/// <summary>A token, as <c>--json</c> has it.</summary>
internal sealed record TokenSummary(
    long Id,
    string Owner,
    string Label,
    string Scopes,
    bool Private,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? UsedAt,
    DateTimeOffset? RevokedAt)
{
    public static TokenSummary Of(AccessToken token) => new(
        token.Id, token.Owner, token.Label, TokenScopeNames.Of(token.Scopes), token.IsPrivate, token.CreatedAt, token.ExpiresAt, token.UsedAt, token.RevokedAt);
}
