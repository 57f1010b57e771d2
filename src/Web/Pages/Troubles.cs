using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Wording;
using Provenance.Web.Hosting;

namespace Provenance.Web.Pages;

/// <summary>Pages that say why there is none.</summary>
internal static class Troubles
{
    public static IResult NotFound(Site site, string detail) => Of(site, StatusCodes.Status404NotFound, "There is no such page", detail);

    public static IResult BadRequest(Site site, string detail) => Of(site, StatusCodes.Status400BadRequest, "That cannot be answered", detail);

    /// <summary>What was taken down is not as if it never was (RFC 9110, 15.5.11).</summary>
    public static IResult Gone(Site site, TombstoneRow tombstone) => Of(
        site,
        StatusCodes.Status410Gone,
        $"This {StatementTypes.NameOf(tombstone.Kind)} was taken down",
        Words(tombstone),
        (Paths.Record(RecordKind.Tombstone, tombstone.Record), "The signed statement that it was taken down"));

    /// <summary>Who took it down, when, and why.</summary>
    public static string Words(TombstoneRow tombstone)
    {
        string entry = tombstone.LogIndex is { } index ? $" Entry {index} of the log says so, and the record's own entry stays." : "";
        string when = tombstone.SignedAt is { } time ? $" on {Readable.Time(time)}" : "";
        return $"{tombstone.SignerName ?? "Somebody"} took {StatementTypes.NameOf(tombstone.Kind)} {tombstone.Of.Abbreviated} down{when}: "
            + $"{tombstone.Reason.TrimEnd('.')}.{entry}";
    }

    public static IResult Of(Site site, int status, string title, string detail, (string Address, string Text)? further = null)
    {
        var slice = Slices.Trouble.Create(new TroublePage(Heads.Of(site, title), detail, further));
        slice.StatusCode = status;
        return slice;
    }
}
