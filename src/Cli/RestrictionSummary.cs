using Provenance.Archive.Access;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>That not everybody may read a record, as <c>--json</c> has it.</summary>
internal sealed record RestrictionSummary(Digest Record, string? Owner, DateTimeOffset? PublicAt)
{
    public static RestrictionSummary Of(Restriction restriction) => new(restriction.Record, restriction.Owner, restriction.PublicAt);
}
