namespace Provenance.Web.Access;

/// <summary>Keeps a reviewer on the pages his link opens. It has the link's secret, and lives as long as the browser is open.</summary>
internal static class ReviewCookie
{
    public const string Name = "prov-review";

    public static void Set(HttpContext http, string secret) => http.Response.Cookies.Append(Name, secret, Options(http));

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http));

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
    };
}
