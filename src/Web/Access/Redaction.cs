using System.Collections.Concurrent;
using System.Text;
using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Access;

/// <summary>Whatever a reviewer is answered goes through here: names are replaced, and what cannot be looked through is not sent.</summary>
/// <remarks>
/// Pages and JSON are looked through as they leave, so that no page has to know of it. Files that a run made come as they are, for their digest is
/// what they are known by: one with a name in it does not come. Signatures, statements, bundles, the log and the registry would tell who signed.
/// </remarks>
internal sealed class Redaction(RequestDelegate next, ServeOptions options)
{
    private const int MostKept = 200;
    private const long MostScannedBytes = 256 << 20;
    private static readonly string[] Closed =
    [
        "/v2", "/log", "/signers", "/api/v1/log", "/api/v1/signers", "/token", "/openapi", "/healthz", "/feed.atom", "/sitemap.xml",
    ];

    private static readonly string[] Redacted = ["text/html", "application/json", "application/problem+json"];

    private readonly ConcurrentDictionary<(long Review, string Stamp), Redactor> _redactors = new();

    public async Task InvokeAsync(HttpContext http, Visit visit, Site site)
    {
        if (visit.Audience.Review is not { } link || http.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments(ReviewEndpoints.Prefix, StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        var redactor = RedactorOf(link, site);
        if (Array.Exists(Closed, path => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) || MayTell(http, site, redactor))
        {
            await Refused(http, site).ExecuteAsync(http);
            return;
        }

        var sent = http.Response.Body;
        using var answer = new MemoryStream();
        http.Response.Body = answer;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = sent;
        }

        await SendAsync(http, site, redactor, answer);
    }

    private static async Task SendAsync(HttpContext http, Site site, Redactor redactor, MemoryStream answer)
    {
        var response = http.Response;
        string type = response.ContentType?.Split(';')[0] ?? "";
        bool isFile = http.Request.Path.StartsWithSegments("/blobs", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments("/preview", StringComparison.Ordinal);
        foreach (string name in (string[])["Link", "Content-Disposition", "Location"])
        {
            if (response.Headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value)
            {
                response.Headers[name] = name == "Link" ? default : redactor.Redact(value);
            }
        }

        if (answer.Length == 0 || isFile)
        {
            answer.Position = 0;
            await answer.CopyToAsync(response.Body, http.RequestAborted);
            return;
        }

        if (!Redacted.Contains(type))
        {
            response.Clear();
            await Refused(http, site).ExecuteAsync(http);
            return;
        }

        byte[] text = Encoding.UTF8.GetBytes(redactor.Redact(Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length))));
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(text, http.RequestAborted);
    }

    private static IResult Refused(HttpContext http, Site site)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        return Troubles.NotFound(site, "A link for reviewers does not show that: it would tell who made it.");
    }

    /// <summary>Whether a file is asked for that has a name in it, or cannot be looked through.</summary>
    private static bool MayTell(HttpContext http, Site site, Redactor redactor)
    {
        string[] parts = http.Request.Path.ToString().Split('/');
        if (parts is not [_, "blobs" or "preview", var name] || !Digest.TryParse(name.Split('.')[0], out var digest))
        {
            return false;
        }

        if (!site.Shelf.Has(digest) || site.Shelf.Blobs.SizeOf(digest) > MostScannedBytes)
        {
            return true;
        }

        using var content = File.OpenRead(site.Options.Layout.BlobPath(digest));
        return redactor.FindIn(content) is not null;
    }

    private Redactor RedactorOf(ReviewLink link, Site site)
    {
        var key = (link.Id, site.Shelf.Stamp.Text);
        if (_redactors.TryGetValue(key, out var known))
        {
            return known;
        }

        var identities = new Identities();
        if (options.Title != "prov")
        {
            identities.Add(options.Title, IdentityKind.Site);
        }

        identities.Add(options.PublicUrl is { } url ? new Uri(url).Host : null, IdentityKind.Site);
        using (var reader = site.Shelf.Open())
        {
            Collect(reader, site, link, identities);
        }

        if (_redactors.Count >= MostKept)
        {
            _redactors.Clear();
        }

        return _redactors[key] = new Redactor(identities);
    }

    private static void Collect(Reader reader, Site site, ReviewLink link, Identities identities)
    {
        foreach (var record in link.Records)
        {
            try
            {
                if (reader.Finder.Find(record.Hex) is { Kind: RecordKind.Run } row)
                {
                    identities.Add(reader.RunOf(row), site.Verifications.Of(reader, row, null).Facts.Signature.Signer);
                }
            }
            catch (ArchiveException)
            {
                // It cannot be shown either.
            }
        }
    }
}
