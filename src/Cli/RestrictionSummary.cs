using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>That not everybody may read a record, as <c>--json</c> has it.</summary>
/// <param name="TakenDown">Why nobody may; null where it was not taken down.</param>
internal sealed record RestrictionSummary(Digest Record, string? Owner, DateTimeOffset? PublicAt, string? TakenDown = null)
{
    public static RestrictionSummary Of(Restriction restriction) => new(restriction.Record, restriction.Owner, restriction.PublicAt);

    public static RestrictionSummary Of(TombstoneRow tombstone) => new(tombstone.Of, null, null, tombstone.Reason);
}
