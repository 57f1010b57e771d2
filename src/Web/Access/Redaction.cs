using System.Collections.Concurrent;
using System.Text;
using Provenance.Archive;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Access;

/// <summary>Whatever a reviewer is answered goes through here: names are replaced, and what cannot be looked through is not sent.</summary>
/// <remarks>
/// Pages and JSON are looked through as they leave, so that no page has to know of it. Files that a run made come as they are, for their digest is
/// what they are known by: one with a name in it does not come. Signatures, statements, bundles, the log and the registry would tell who signed: those
/// are refused before they are made, and so is whatever <see cref="ReviewerRoutes"/> does not name.
/// </remarks>
internal sealed class Redaction(RequestDelegate next, ServeOptions options)
{
    private const int MostKept = 200;
    private const long MostScannedBytes = 256 << 20;
    private static readonly string[] Redacted = ["text/html", "application/json", "application/problem+json"];

    private readonly ConcurrentDictionary<(long Review, string Stamp), Redactor> _redactors = new();

    public async Task InvokeAsync(HttpContext http, Visit visit, Site site)
    {
        if (visit.Audience.Review is not { } link || ReviewerRoutes.IsAsset(http))
        {
            await next(http);
            return;
        }

        // Pages say the address they were asked under: a guess put there would come back as another name, if it was a right one.
        http.Request.Host = new HostString("archive");
        var redactor = RedactorOf(link, site);
        bool isOpen = ReviewerRoutes.IsOpen(http) && !MayTell(http, site, redactor);
        using var answer = new MemoryStream();
        await GatherAsync(http, answer, () => isOpen ? next(http) : Refused(http, site, StatusCodes.Status404NotFound).ExecuteAsync(http));
        await SendAsync(http, site, redactor, answer);
    }

    private static async Task GatherAsync(HttpContext http, MemoryStream answer, Func<Task> write)
    {
        var sent = http.Response.Body;
        http.Response.Body = answer;
        try
        {
            await write();
        }
        finally
        {
            http.Response.Body = sent;
        }
    }

    private static async Task SendAsync(HttpContext http, Site site, Redactor redactor, MemoryStream answer)
    {
        var response = http.Response;
        foreach (string name in (string[])["Link", "Content-Disposition", "Location"])
        {
            if (response.Headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value)
            {
                response.Headers[name] = name == "Link" ? default : redactor.Redact(value);
            }
        }

        // What cannot be answered says again what was asked, and with names replaced that would tell which are right.
        bool isAnswered = response.StatusCode < StatusCodes.Status400BadRequest;
        if (isAnswered && (answer.Length == 0 || ReviewerRoutes.IsFile(http)))
        {
            answer.Position = 0;
            await answer.CopyToAsync(response.Body, http.RequestAborted);
            return;
        }

        if (!isAnswered || !Redacted.Contains(response.ContentType?.Split(';')[0] ?? ""))
        {
            answer.SetLength(0);
            foreach (string name in (string[])["Content-Disposition", "Content-Type", "Content-Length", "Content-Range", "ETag"])
            {
                response.Headers.Remove(name);
            }

            await GatherAsync(http, answer, () => Refused(http, site, isAnswered ? StatusCodes.Status404NotFound : response.StatusCode).ExecuteAsync(http));
        }

        byte[] text = Encoding.UTF8.GetBytes(redactor.Redact(Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length))));
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(text, http.RequestAborted);
    }

    private static IResult Refused(HttpContext http, Site site, int status)
    {
        http.Response.Headers.CacheControl = "private, no-store";
        const string Detail = "A link for reviewers shows its runs, and nothing that would tell who made them.";
        return Failures.IsApi(http) ? Results.Problem(Detail, statusCode: status) : Troubles.Of(site, status, "That is not shown", Detail);
    }

    /// <summary>Whether a file is asked for that has a name in it, or cannot be looked through.</summary>
    private static bool MayTell(HttpContext http, Site site, Redactor redactor)
    {
        if (!ReviewerRoutes.IsFile(http))
        {
            return false;
        }

        if (ReviewerRoutes.FileOf(http) is not { } digest || !site.Shelf.Has(digest) || site.Shelf.Blobs.SizeOf(digest) > MostScannedBytes)
        {
            return true;
        }

        using var content = File.OpenRead(site.Options.Layout.BlobPath(digest));
        return IsOfRecord(content) || redactor.FindIn(content) is not null;
    }

    /// <summary>A statement, a signature (RFC 5652 §3: its type stands first) or certificates, by the first bytes: they are there to tell who signed.</summary>
    private static bool IsOfRecord(FileStream content)
    {
        const int Looked = 64;
        ReadOnlySpan<byte> signedData = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
        byte[] buffer = new byte[Looked];
        var beginning = buffer.AsSpan(0, content.ReadAtLeast(buffer, Looked, throwOnEndOfStream: false));
        content.Position = 0;
        return beginning.StartsWith("{\"_type\":\"https://in-toto.io/Statement/"u8) || beginning.StartsWith("-----BEGIN "u8)
            || beginning.IndexOf(signedData) >= 0;
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
                    var run = reader.RunOf(row);
                    identities.Add(run, SignerOf(row));
                    foreach (var image in reader.Finder.ImagesByDigest(run.Image.Manifest))
                    {
                        var imported = reader.Finder.Get(image.Record.Hex);
                        identities.Add(reader.ImageOf(imported), SignerOf(imported));
                    }
                }
            }
            catch (ArchiveException)
            {
                // It cannot be shown either.
            }
        }

        foreach (string name in reader.ListImages().Select(image => image.Name).Concat(reader.ListIndexes().Select(index => index.Name)).OfType<string>())
        {
            identities.AddImage(name);
        }

        SignerCertificate? SignerOf(RecordRow row) => site.Verifications.Of(reader, row, null).Facts.Signature.Signer;
    }
}
