using Provenance.Web.Hosting;

namespace Provenance.Web.Pages;

/// <summary>Pages that say why there is none.</summary>
internal static class Troubles
{
    public static IResult NotFound(Site site, string detail) => Of(site, StatusCodes.Status404NotFound, "There is no such page", detail);

    public static IResult BadRequest(Site site, string detail) => Of(site, StatusCodes.Status400BadRequest, "That cannot be answered", detail);

    public static IResult Of(Site site, int status, string title, string detail)
    {
        var slice = Slices.Trouble.Create(new TroublePage(Heads.Of(site, title), detail));
        slice.StatusCode = status;
        return slice;
    }
}
