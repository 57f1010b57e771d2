using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>A link for reviewers, as <c>--json</c> has it.</summary>
internal sealed record ReviewSummary(
    long Id, string Label, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, IReadOnlyList<Digest> Records)
{
    public static ReviewSummary Of(ReviewLink link) => new(link.Id, link.Label, link.CreatedAt, link.ExpiresAt, link.RevokedAt, link.Records);
}
