using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Web.Pages;

namespace Provenance.Web.Hosting;

/// <summary>Bytes: blobs, pictures of them, and the files of the log. What others wrote is never executed: it comes as a download or a picture.</summary>
internal static class BlobEndpoints
{
    private const string Unchanging = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/blobs/{digest}", [HttpMethods.Get, HttpMethods.Head], Blob);
        routes.MapMethods("/preview/{name}", [HttpMethods.Get, HttpMethods.Head], Picture);
        routes.MapMethods("/log/{**path}", [HttpMethods.Get, HttpMethods.Head], LogFile);
    }

    private static IResult Blob(Site site, string digest) =>
        Digest.TryParse(digest, out var named) && site.Shelf.Has(named)
            ? new BlobResult
            {
                Path = site.Options.Layout.BlobPath(named),
                Digest = named,
                MediaType = MediaTypes.OctetStream,
                Disposition = "attachment",
            }
            : Troubles.NotFound(site, $"The bytes of {digest} are not in this archive.");

    /// <summary>SVG may hold scripts: in an image element none runs, and by itself the policy that goes with it lets none.</summary>
    private static IResult Picture(Site site, HttpContext http, string name)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0 || !Digest.TryParse(name[..dot], out var digest) || !site.Shelf.Has(digest)
            || new Previews(site.Shelf.Blobs).MediaTypeOf(digest, name[dot..]) is not { } mediaType)
        {
            return Results.NotFound();
        }

        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return new BlobResult { Path = site.Options.Layout.BlobPath(digest), Digest = digest, MediaType = mediaType };
    }

    /// <summary>C2SP tlog-tiles: checkpoint, vkey, tiles and rotations of the key as they lie there. A partial tile of a checkpoint that was
    /// published must be there until the full one is: where a wider one has replaced it, it is the beginning of that.</summary>
    private static IResult LogFile(Site site, HttpContext http, string path)
    {
        if (!LogPaths.IsServed(path))
        {
            return Results.NotFound();
        }

        string file = Path.Combine(site.Options.Layout.Log, path);
        if (!File.Exists(file))
        {
            if (new TransparencyLog(site.Options.Layout, site.Options.Sync).FindPartial(path) is not { } partial)
            {
                return Results.NotFound();
            }

            http.Response.Headers.CacheControl = Unchanging;
            return Results.Bytes(partial, MediaTypes.OctetStream);
        }

        // Signatures of witnesses come to a checkpoint that is there.
        bool changes = path is "checkpoint" or "vkey" || path.StartsWith("cosigned/", StringComparison.Ordinal);
        http.Response.Headers.CacheControl = changes ? "no-cache" : Unchanging;
        return Results.File(file, changes ? "text/plain; charset=utf-8" : MediaTypes.OctetStream);
    }
}
