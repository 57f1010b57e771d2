using System.Collections.Frozen;
using System.Reflection;
using Provenance.Archive.Content;

namespace Provenance.Web.Hosting;

/// <summary>Style sheet, scripts, icon, and the script that checks a proof of the log, out of the program itself.</summary>
internal static class AssetEndpoints
{
    private const string Prefix = "assets/";

    private static readonly Dictionary<string, string> MediaTypeOf = new()
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".sh"] = "text/plain; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private static readonly FrozenDictionary<string, (byte[] Content, string Tag)> Assets = Load().ToFrozenDictionary();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/{name}", Asset);
        routes.MapGet("/robots.txt", (Site site, HttpRequest request) => Results.Text(
            $"User-agent: *\nDisallow: /lookup\nDisallow: /v2/\nDisallow: /blobs/\nSitemap: {site.AddressOf(request, "/sitemap.xml")}\n"));
    }

    private static IResult Asset(HttpContext http, string name)
    {
        if (!Assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        http.Response.Headers.ETag = asset.Tag;
        http.Response.Headers.CacheControl = "public, max-age=300";
        return http.Request.Headers.IfNoneMatch.Contains(asset.Tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(asset.Content, MediaTypeOf[Path.GetExtension(name)]);
    }

    private static IEnumerable<KeyValuePair<string, (byte[] Content, string Tag)>> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new(resource[Prefix.Length..], (content, $"\"{Digest.Of(content).Abbreviated}\""));
        }
    }
}
