using System.Diagnostics;
using Provenance.Web.Access;

namespace Provenance.Web.Hosting;

/// <summary>What every answer gets: headers that keep browsers from doing more than they are told, HEAD as GET without a body, and a line in the log.</summary>
internal sealed class Envelope(RequestDelegate next, ILogger<Envelope> log)
{
    /// <summary>Nothing runs, is drawn or is fetched but what this server has.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Those that answer HEAD themselves.</summary>
    private static readonly string[] OwnHead = ["/v2", "/blobs", "/preview", "/log"];

    /// <summary>A link for reviewers is a secret: it is in no log.</summary>
    internal static string PathOf(HttpRequest request) =>
        request.Path.StartsWithSegments(ReviewEndpoints.Prefix, StringComparison.OrdinalIgnoreCase) ? ReviewEndpoints.Prefix : request.Path.ToString();

    /// <summary>What browsers are told of every answer; again where an answer is begun anew, and what was told is gone.</summary>
    internal static void Guard(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    public async Task InvokeAsync(HttpContext http)
    {
        long begun = Stopwatch.GetTimestamp();
        Guard(http.Response.Headers);
        string method = http.Request.Method;
        if (HttpMethods.IsHead(method) && !Array.Exists(OwnHead, path => http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
        {
            http.Request.Method = HttpMethods.Get;
            http.Response.Body = Stream.Null;
        }

        await next(http);
        Log.Answered(log, method, PathOf(http.Request), http.Response.StatusCode, (long)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }
}
