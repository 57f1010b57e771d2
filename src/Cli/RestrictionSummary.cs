using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>That not everybody may read a record, as <c>--json</c> has it.</summary>
/// <param name="Kind">Of the record; <c>manifest</c> for one that was pushed to the registry.</param>
/// <param name="TakenDown">Why nobody may; null where it was not taken down.</param>
internal sealed record RestrictionSummary(Digest Record, string Kind, string? Owner, DateTimeOffset? PublicAt, string? TakenDown = null)
{
    public static RestrictionSummary Of(Restriction restriction, string kind) => new(restriction.Record, kind, restriction.Owner, restriction.PublicAt);

    public static RestrictionSummary Of(TombstoneRow tombstone) => new(tombstone.Of, StatementTypes.NameOf(tombstone.Kind), null, null, tombstone.Reason);
}
