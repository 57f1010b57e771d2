namespace Provenance.Web.Hosting;

/// <summary>Answers 304 while nothing has changed, before anything is read. Nothing is kept by caches without asking again.</summary>
/// <remarks>Source: RFC 9110 §13.1.2, RFC 9111 §5.2.2.4.</remarks>
internal static class Conditional
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return await next(context);
        }

        string tag = http.RequestServices.GetRequiredService<Site>().EntityTag();
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
            {
                http.Response.Headers.ETag = tag;
                http.Response.Headers.CacheControl = "no-cache";
            }

            return Task.CompletedTask;
        });
        return http.Request.Headers.IfNoneMatch.Contains(tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : await next(context);
    }
}
