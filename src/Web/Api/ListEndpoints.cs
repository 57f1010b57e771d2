using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

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

    private static Results<JsonHttpResult<ImageListDocument>, ProblemHttpResult> Images(Site site, HttpRequest request, long? after, int? limit) => List(
        site,
        request,
        limit,
        (reader, most) => reader.Finder.ImagesBefore(after ?? long.MaxValue, most),
        row => $"{row.Place}",
        (_, rows, next) => new ImageListDocument { Images = [.. rows.Select(ImageDocument.Of)], Next = next },
        ApiJson.Default.ImageListDocument);

    private static Results<JsonHttpResult<FileListDocument>, ProblemHttpResult> Files(Site site, HttpRequest request, string? after, int? limit)
    {
        var place = FilePlace.Start;
        if (after is not null && !FilePlace.TryParse(after, out place))
        {
            return Wrong("after: is no place in the list");
        }

        return List(
            site,
            request,
            limit,
            (reader, most) => reader.Finder.FilesBefore(place, most),
            row => $"{row.Place}",
            (_, rows, next) => new FileListDocument { Files = [.. rows.Select(FileItem.Of)], Next = next },
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

    private static Results<JsonHttpResult<ReplayListDocument>, ProblemHttpResult> Replays(Site site, HttpRequest request, long? after, int? limit) => List(
        site,
        request,
        limit,
        (reader, most) => reader.Finder.ReplaysBefore(after ?? long.MaxValue, most),
        row => $"{row.Place}",
        (_, rows, next) => new ReplayListDocument { Replays = [.. rows.Select(ReplayItem.Of)], Next = next },
        ApiJson.Default.ReplayListDocument);

    private static Results<JsonHttpResult<PaperListDocument>, ProblemHttpResult> Papers(Site site, HttpRequest request, long? after, int? limit) => List(
        site,
        request,
        limit,
        (reader, most) => reader.Finder.PapersBefore(after ?? long.MaxValue, most),
        row => $"{row.Place}",
        (reader, rows, next) => new PaperListDocument { Papers = [.. rows.Select(row => PaperOf(reader, row.Doi))], Next = next },
        ApiJson.Default.PaperListDocument);

    /// <summary>A page may have fewer than were asked for, and still go on: a stranger's tombstones stand between, and are not shown.</summary>
    private static Results<JsonHttpResult<TombstoneListDocument>, ProblemHttpResult> Tombstones(Site site, HttpRequest request, long? after, int? limit) =>
        List(
            site,
            request,
            limit,
            (reader, most) => reader.Finder.TombstonesBefore(after ?? long.MaxValue, most),
            row => $"{row.Place}",
            (_, rows, next) => new TombstoneListDocument
            {
                Tombstones = [.. Archive.Catalog.Tombstones.InForce(rows, site.Options.Layout).Select(TombstoneItem.Of)],
                Next = next,
            },
            ApiJson.Default.TombstoneListDocument);

    private static PaperItem PaperOf(Reader reader, Doi doi)
    {
        var citations = reader.Finder.CitationsOf(doi);
        return new PaperItem(
            doi.ToString(),
            citations.Select(citation => citation.Title).OfType<string>().FirstOrDefault(),
            citations.DistinctBy(citation => citation.Run).Count(),
            citations.Sum(citation => citation.Figures.Count),
            Paths.Paper(doi));
    }

    /// <summary>A page of a list that the catalog has, unless the limit is none.</summary>
    private static Results<JsonHttpResult<TDocument>, ProblemHttpResult> List<TRow, TDocument>(
        Site site,
        HttpRequest request,
        int? limit,
        Func<Reader, int, IReadOnlyList<TRow>> rowsOf,
        Func<TRow, string> placeOf,
        Func<Reader, IReadOnlyList<TRow>, string?, TDocument> documentOf,
        JsonTypeInfo<TDocument> type)
    {
        if (Problem(limit) is { } problem)
        {
            return problem;
        }

        using var reader = site.Shelf.Open();
        var rows = rowsOf(reader, Most(limit));
        return TypedResults.Json(documentOf(reader, rows, Next(site, request, limit, rows, placeOf)), type);
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
