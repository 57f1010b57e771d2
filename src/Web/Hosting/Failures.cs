using Provenance.Archive;
using Provenance.Archive.Catalog;
using Provenance.Web.Pages;

namespace Provenance.Web.Hosting;

/// <summary>Turns what is thrown into an answer: a page for readers, RFC 9457 for programs. What went wrong inside is told to the log alone.</summary>
internal sealed class Failures(RequestDelegate next, ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext http, Site site)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            var tombstone = e is RecordNotFoundException missing ? FindTombstone(site, missing.Name) : null;
            var (status, detail) = tombstone is null ? Describe(e) : (StatusCodes.Status410Gone, Troubles.Words(tombstone));
            if (status >= StatusCodes.Status500InternalServerError)
            {
                Log.Failed(log, Envelope.PathOf(http.Request), e);
            }

            http.Response.Clear();
            Envelope.Guard(http.Response.Headers);
            http.Response.Headers.CacheControl = "no-store";
            var answer = tombstone is null || IsApi(http) ? Answer(http, site, status, detail) : Troubles.Gone(site, tombstone);
            await answer.ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
    }

    private static TombstoneRow? FindTombstone(Site site, string name)
    {
        using var reader = site.Shelf.Open();
        return reader.TakenDown(name) is [var only] ? only : null;
    }

    internal static bool IsApi(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);

    private static (int Status, string Detail) Describe(Exception exception) => exception switch
    {
        RecordNotFoundException e => (StatusCodes.Status404NotFound, $"There is no record {e.Name} of that kind in this archive."),
        AmbiguousRecordException e => (StatusCodes.Status404NotFound,
            $"Several records begin with {e.Name}: {string.Join(", ", e.Candidates.Select(candidate => candidate.Hex[..16]))}."),
        BadHttpRequestException e => (e.StatusCode, "The request cannot be read."),
        ArchiveException => (StatusCodes.Status500InternalServerError,
            "Something in the archive cannot be read; whoever keeps it can ask 'prov archive fsck'."),
        _ => (StatusCodes.Status500InternalServerError, "Something went wrong here."),
    };

    private static IResult Answer(HttpContext http, Site site, int status, string detail) =>
        IsApi(http)
            ? Results.Problem(detail, statusCode: status)
            : Troubles.Of(site, status, status == StatusCodes.Status404NotFound ? "There is no such page" : "That cannot be answered", detail);
}
