
namespace Provenance.Web.Access;

/// <summary>Tells a client how to be let in.</summary>
/// <remarks>
/// Clients of registries ask the address of the challenge for a token, with their name and password when they have any (Docker Registry v2
/// token authentication); browsers ask their user.
/// </remarks>
internal static class Challenge
{
    public static void Write(HttpContext http)
    {
        bool isRegistry = http.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal);
        string realm = http.RequestServices.GetRequiredService<Sites>().Of(Archive.Access.Audience.Public).AddressOf(http.Request, "/token");
        http.Response.Headers.WWWAuthenticate = isRegistry ? $"Bearer realm=\"{realm}\",service=\"prov\"" : "Basic realm=\"prov\", charset=\"UTF-8\"";
    }
}
