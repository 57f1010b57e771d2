using Provenance.Archive.Access;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;

namespace Provenance.Web.Access;

/// <summary>Where a link for reviewers leads. What it opens is then every page of this site, with those records alone and without names.</summary>
internal static class ReviewEndpoints
{
    public const string Prefix = "/review";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Prefix + "/leave", Leave);
        routes.MapGet(Prefix + "/{secret}", Enter);
    }

    private static IResult Enter(Site site, ServeOptions options, HttpContext http, string secret)
    {
        if (new ReviewLinks(options.Layout, options.Time).Find(secret) is not { } link)
        {
            return Troubles.NotFound(site, "There is no such link for reviewers, or it has expired.");
        }

        http.Response.Headers.CacheControl = "no-store";
        // Where the reader goes from here, the secret in the address does not go along.
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        ReviewCookie.Set(http, secret);
        return new SeeOther(link.Records is [var only] ? Paths.Run(only) : "/runs");
    }

    private static IResult Leave(HttpContext http)
    {
        ReviewCookie.Remove(http);
        return new SeeOther("/");
    }
}
