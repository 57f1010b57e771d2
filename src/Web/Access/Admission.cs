using Provenance.Archive.Access;
using Provenance.Web.Hosting;
using Provenance.Web.Registry;

namespace Provenance.Web.Access;

/// <summary>
/// Finds out who asks: by a token, the archive's own or an OpenID Connect issuer's (RFC 6750 Bearer, or as the password of RFC 7617 Basic), or by the
/// cookie of a link for reviewers.
/// </summary>
/// <remarks>
/// A token that is none is refused, and not taken for nobody: who believes to be let in should know that he is not. What others than the public
/// read is kept by no cache.
/// </remarks>
internal sealed class Admission(RequestDelegate next, ServeOptions options, ILogger<Admission> log, OidcTokens? oidc = null)
{
    public async Task InvokeAsync(HttpContext http, Visit visit)
    {
        http.Response.Headers.Append("Vary", "Authorization, Cookie");
        if (Credentials.Read(http.Request) is { } text)
        {
            try
            {
                if (await FindAsync(text, http.RequestAborted) is not { } audience)
                {
                    await RefuseAsync(http);
                    return;
                }

                visit.Audience = audience;
            }
            catch (InvalidOperationException e) when (oidc is not null)
            {
                Log.Failed(log, Envelope.PathOf(http.Request), e);
                const string Detail = "Whoever made the token cannot be asked for his keys at the moment.";
                await Results.Problem(Detail, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
                return;
            }
        }
        else if (http.Request.Cookies[ReviewCookie.Name] is { } cookie)
        {
            // One that has expired is as good as none: pages say what there is to see without it.
            visit.Audience = new ReviewLinks(options.Layout, options.Time).Find(cookie) is { } link ? new Audience { Review = link } : Audience.Public;
        }

        if (visit.Audience.Key.Length > 0)
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.CacheControl = "private, no-store";
                return Task.CompletedTask;
            });
        }

        await next(http);
    }

    private async Task<Audience?> FindAsync(string text, CancellationToken cancellation) =>
        oidc is not null && OidcTokens.IsOne(text)
            ? await oidc.FindAsync(text, cancellation) is { } identity ? new Audience { Token = identity } : null
            : Find(text);

    private Audience? Find(string text) =>
        new TokenStore(options.Layout, options.Time).Find(text) is { } token ? new Audience { Token = token }
        : new ReviewLinks(options.Layout, options.Time).Find(text) is { } link ? new Audience { Review = link }
        : null;

    private static Task RefuseAsync(HttpContext http)
    {
        const string Detail = "The token is unknown, has expired, or was revoked.";
        Challenge.Write(http);
        return http.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal)
            ? RegistryError.Unauthorized(Detail).ExecuteAsync(http)
            : Results.Problem(Detail, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(http);
    }
}
