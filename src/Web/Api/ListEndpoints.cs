using Microsoft.AspNetCore.Http.HttpResults;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>Lists of everything of a kind that may be read, page by page: <c>after</c> is a place in the list, as <c>next</c> has it.</summary>
internal static class ListEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        Describe<ImageListDocument>(api.MapGet("/images", Images), "images", "Images, the newest first");
        Describe<FileListDocument>(api.MapGet("/files", Files), "files", "Regular files that runs had, those of the newest record first");
        Describe<SignerListDocument>(api.MapGet("/signers", Signers), "signers", "Who signed records here, in order of certificates");
        Describe<ReplayListDocument>(api.MapGet("/replays", Replays), "replays", "Replays of all runs, the newest first");
        Describe<TombstoneListDocument>(api.MapGet("/tombstones", Tombstones), "tombstones", "What was taken down, by whom and why, the newest first");
        Describe<PaperListDocument>(api.MapGet("/papers", Papers), "papers", "Papers that rest on runs, the one that was cited last first");
    }

    private static void Describe<T>(RouteHandlerBuilder route, string name, string summary) => route.WithName(name)
        .WithSummary($"{summary}, page by page: 'after' and 'limit' (1 to {RunChoice.MostAtOnce}) page")
        .Produces<T>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static Results<JsonHttpResult<ImageListDocument>, ProblemHttpResult> Images(Site site, HttpRequest request, long? after, int? limit)
    {
        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = reader.Finder.ImagesBefore(after ?? long.MaxValue, Most(limit));
        return TypedResults.Json(
            new ImageListDocument
            {
                Images = [.. rows.Select(ImageDocument.Of)],
                Next = Next(site, request, limit, rows, row => $"{row.Place}"),
            },
            ApiJson.Default.ImageListDocument);
    }

    private static Results<JsonHttpResult<FileListDocument>, ProblemHttpResult> Files(Site site, HttpRequest request, string? after, int? limit)
    {
        var place = FilePlace.Start;
        if (after is not null && !FilePlace.TryParse(after, out place))
        {
            return Wrong("after: is no place in the list");
        }

        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = reader.Finder.FilesBefore(place, Most(limit));
        return TypedResults.Json(
            new FileListDocument { Files = [.. rows.Select(FileItem.Of)], Next = Next(site, request, limit, rows, row => $"{row.Place}") },
            ApiJson.Default.FileListDocument);
    }

    private static Results<JsonHttpResult<SignerListDocument>, ProblemHttpResult> Signers(Site site, HttpRequest request, string? after, int? limit)
    {
        if (after is not null && !Digest.TryParseHex(after, out _))
        {
            return Wrong("after: is no place in the list");
        }

        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        var rows = site.Census.Now().Signers.OrderBy(signer => signer.Certificate.Hex, StringComparer.Ordinal)
            .SkipWhile(signer => string.CompareOrdinal(signer.Certificate.Hex, after) <= 0).Take(Most(limit)).ToList();
        return TypedResults.Json(
            new SignerListDocument
            {
                Signers = [.. rows.Select(SignerDocument.Of)],
                Next = Next(site, request, limit, rows, row => row.Certificate.Hex),
            },
            ApiJson.Default.SignerListDocument);
    }

    private static Results<JsonHttpResult<ReplayListDocument>, ProblemHttpResult> Replays(Site site, HttpRequest request, long? after, int? limit)
    {
        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = reader.Finder.ReplaysBefore(after ?? long.MaxValue, Most(limit));
        return TypedResults.Json(
            new ReplayListDocument { Replays = [.. rows.Select(ReplayItem.Of)], Next = Next(site, request, limit, rows, row => $"{row.Place}") },
            ApiJson.Default.ReplayListDocument);
    }

    private static Results<JsonHttpResult<PaperListDocument>, ProblemHttpResult> Papers(Site site, HttpRequest request, long? after, int? limit)
    {
        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = reader.Finder.PapersBefore(after ?? long.MaxValue, Most(limit));
        var papers = from row in rows
                     let citations = reader.Finder.CitationsOf(row.Doi)
                     select new PaperItem(
                         row.Doi.ToString(),
                         citations.Select(citation => citation.Title).OfType<string>().FirstOrDefault(),
                         citations.DistinctBy(citation => citation.Run).Count(),
                         citations.Sum(citation => citation.Figures.Count),
                         Paths.Paper(row.Doi));
        return TypedResults.Json(
            new PaperListDocument { Papers = [.. papers], Next = Next(site, request, limit, rows, row => $"{row.Place}") },
            ApiJson.Default.PaperListDocument);
    }

    /// <summary>A page may have fewer than were asked for, and still go on: a stranger's tombstones stand between, and are not shown.</summary>
    private static Results<JsonHttpResult<TombstoneListDocument>, ProblemHttpResult> Tombstones(Site site, HttpRequest request, long? after, int? limit)
    {
        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = reader.Finder.TombstonesBefore(after ?? long.MaxValue, Most(limit));
        return TypedResults.Json(
            new TombstoneListDocument
            {
                Tombstones = [.. Archive.Catalog.Tombstones.InForce(rows, site.Options.Layout).Select(TombstoneItem.Of)],
                Next = Next(site, request, limit, rows, row => $"{row.Place}"),
            },
            ApiJson.Default.TombstoneListDocument);
    }

    private static int Most(int? limit) => limit ?? RunChoice.PageSize;

    private static ProblemHttpResult? Problem(int? limit) =>
        limit is null or (>= 1 and <= RunChoice.MostAtOnce) ? null : Wrong($"limit: expected 1 to {RunChoice.MostAtOnce}");

    private static ProblemHttpResult Wrong(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>In the body, and as a link (RFC 8288); null when there is no more.</summary>
    private static string? Next<T>(Site site, HttpRequest request, int? limit, IReadOnlyList<T> rows, Func<T, string> place)
    {
        if (rows.Count < Most(limit))
        {
            return null;
        }

        string next = $"{request.Path}?after={place(rows[^1])}{(limit is { } most ? $"&limit={most}" : "")}";
        request.HttpContext.Response.Headers.Link = $"<{site.AddressOf(request, next)}>; rel=\"next\"";
        return next;
    }
}
