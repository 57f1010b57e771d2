namespace Provenance.Web.Hosting;

/// <summary>The answer stands at another address. ASP.NET Core has results for 301, 302, 307 and 308 only.</summary>
/// <param name="address">Of this site.</param>
/// <remarks>Source: RFC 9110 §15.4.4.</remarks>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}
