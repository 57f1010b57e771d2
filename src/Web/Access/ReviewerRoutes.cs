using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Provenance.Archive.Content;
using Provenance.Web.Lookups;
using Provenance.Web.Pages;
using Provenance.Web.Representations;

namespace Provenance.Web.Access;

/// <summary>What a reviewer may ask for. Whatever does not stand here is closed to him.</summary>
/// <remarks>
/// It is decided by the route that was found, and never by the text of an address, which has many spellings. What asks for a name is closed as well,
/// for whether there is an answer would confirm it.
/// </remarks>
internal static class ReviewerRoutes
{
    private const string Blob = "/blobs/{digest}";
    private const string Picture = "/preview/{name}";
    private const string Form = "/runs/{id}/{name}";
    private const string Image = "/images/{**digest}";
    private const string LookUp = "/lookup";
    private const string Runs = "/runs";
    private const string Api = "/api/v1";
    private const string Asset = "/assets/{name}";

    private static readonly FrozenSet<string> Open = FrozenSet.Create(
        StringComparer.Ordinal,
        "/", LookUp, Runs, "/images", "/papers", "/files/{name}", "/stats", "/help/hash", "/help/verify",
        "/runs/{id}", "/runs/{a}/diff/{b}", "/runs/{id}/check", "/replays/{id}", Image, "/images/record/{id}", "/records/{id}",
        Form, "/runs/{id}/blobs/sha256/{hex}", Blob, Picture, "/review/leave", "/review/{secret}",
        Api + LookUp, Api + Runs, Api + "/runs/{id}", Api + "/runs/{id}/verification", Api + "/runs/{a}/differences/{b}", Api + "/runs/{id}/assess",
        Api + "/images", Api + "/statistics");

    private static readonly string[] Conditions = ["since", "until", "ended", "image"];

    /// <summary>Whether the program's own style sheet, script or icon is asked for, which tells of nobody.</summary>
    public static bool IsAsset(HttpContext http) => PatternOf(http) == Asset;

    /// <summary>Whether it may be answered, and asks for no name.</summary>
    public static bool IsOpen(HttpContext http) => PatternOf(http) is { } pattern && Open.Contains(pattern) && pattern switch
    {
        Form => ValueOf(http, "name") == Representation.Document.Name,
        Image => IsDigest(ValueOf(http, "digest")) && !http.Request.Query.ContainsKey("package"),
        Runs or Api + Runs => AsksForNoName(RunChoice.Read(http.Request.Query)),
        LookUp or Api + LookUp => Query.Read(http.Request.Query["q"]) is { Kind: QueryKind.Digest or QueryKind.Prefix } or { Text.Length: 0 },
        _ => true,
    };

    /// <summary>Whether it is answered with the bytes of a blob.</summary>
    public static bool IsFile(HttpContext http) => PatternOf(http) is Blob or Picture;

    /// <returns>Null when it is none.</returns>
    public static Digest? FileOf(HttpContext http)
    {
        string name = PatternOf(http) == Blob ? ValueOf(http, "digest") : Path.GetFileNameWithoutExtension(ValueOf(http, "name"));
        return Digest.TryParse(name, out var digest) ? digest : null;
    }

    private static bool AsksForNoName(RunChoice choice) => choice.Problem is null
        && choice.Given.All(given => Conditions.Contains(given.Key) && (given.Key != "image" || IsDigest(given.Value)));

    private static bool IsDigest(string text) => Digest.TryParse(text, out _) || Digest.TryParseHex(text, out _);

    private static string ValueOf(HttpContext http, string name) => http.Request.RouteValues[name] as string ?? "";

    private static string? PatternOf(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern: RoutePattern { RawText: { } text } } ? $"/{text.Trim('/')}" : null;
}
