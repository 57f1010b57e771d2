using Microsoft.AspNetCore.Http.HttpResults;
using Provenance.Archive.Catalog;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Differences;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Web.Access;
using Provenance.Web.Hosting;
using Provenance.Web.Lookups;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Api;

/// <summary><c>/api/v1</c>: everything the pages show. What goes wrong is told as RFC 9457 has it.</summary>
internal static class ApiEndpoints
{
    private const string Root = "/api/v1";

    public static void Map(IEndpointRouteBuilder routes)
    {
        // What any of them may be answered with: of a token, of what is not for reviewers, of whoever asks too often, and while a token cannot be judged.
        var api = routes.MapGroup(Root).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/lookup", LookUp).WithName("lookup").WithSummary("What is known of a DOI, an id, a digest, a path, a name or words")
            .Produces<LookupDocument>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/runs", Runs).WithName("runs")
            .WithSummary("Runs, the newest first, page by page: the parameters are those of the page /runs; 'after' and 'limit' (1 to 200) page")
            .Produces<RunListDocument>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/runs/{id}", Run).WithName("run").WithSummary("One run, with its signed statement and what was verified of it")
            .Produces<RunDocument>().ProducesProblem(StatusCodes.Status410Gone);
        api.MapGet("/runs/{id}/verification", Verify).WithName("verification").WithSummary("What this server found out about a run's record")
            .Produces<VerificationDocument>().ProducesProblem(StatusCodes.Status410Gone);
        api.MapGet("/runs/{a}/differences/{b}", Compare).WithName("differences").WithSummary("What changed between two runs")
            .Produces<DifferenceSection[]>().ProducesProblem(StatusCodes.Status410Gone);
        api.MapPost("/runs/{id}/assess", Assess).Accepts<HostProfile>("application/json").WithName("assess")
            .WithSummary("Whether a machine could repeat a run: the body is its profile, as 'prov host --json' prints it")
            .Produces<Assessment>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        // Of another type it would be told that there is no such address.
        api.MapPost("/runs/{id}/assess", () => TypedResults.Problem(
            "a host profile is sent as application/json", statusCode: StatusCodes.Status415UnsupportedMediaType)).ExcludeFromDescription();
        ListEndpoints.Map(api);
        ImageEndpoints.Map(api);
        api.MapGet("/papers/{**doi}", Paper).WithName("paper").WithSummary("A paper, by any spelling of its DOI, and the runs it rests on")
            .Produces<PaperDocument>().ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/log", Log).WithName("log").WithSummary("The head of the log")
            .Produces<LogDocument>();
        api.MapGet("/statistics", Statistics).WithName("statistics").WithSummary("The archive in numbers")
            .Produces<StatisticsDocument>();
    }

    private static JsonHttpResult<LookupDocument> LookUp(Site site, string q)
    {
        using var reader = site.Shelf.Open();
        var result = new Lookup(reader, site).Find(Query.Read(q));
        // To a reviewer nothing is said of what was not found: his own question would be in it, with names replaced.
        int status = result.IsEmpty && site.Audience.Review is not null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return TypedResults.Json(LookupDocument.Of(result), ApiJson.Default.LookupDocument, statusCode: status);
    }

    private static Results<JsonHttpResult<RunListDocument>, ProblemHttpResult> Runs(Site site, HttpRequest request)
    {
        var choice = RunChoice.Read(request.Query);
        if (choice.Problem is { } problem)
        {
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        }

        using var reader = site.Shelf.Open();
        var runs = reader.Finder.Runs(choice.Query);
        string? next = runs.Count == choice.Query.Limit ? NextPage(choice, runs) : null;
        if (next is not null)
        {
            request.HttpContext.Response.Headers.Link = $"<{site.AddressOf(request, next)}>; rel=\"next\"";
        }

        return TypedResults.Json(new RunListDocument { Runs = [.. runs.Select(RunItem.Of)], Next = next }, ApiJson.Default.RunListDocument);
    }

    private static string NextPage(RunChoice choice, IReadOnlyList<RunRow> runs)
    {
        string address = choice.Address($"{Root}/runs", RunPlace.Of(runs[^1]));
        return choice.Query.Limit == RunChoice.PageSize ? address : $"{address}&limit={choice.Query.Limit}";
    }

    private static JsonHttpResult<RunDocument> Run(Site site, HttpRequest request, string id)
    {
        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Run);
        string address = site.AddressOf(request, Paths.Run(row.Record));
        return TypedResults.Json(
            RunDocument.Of(RecordEndpoints.ReadRun(site, reader, row, address), reader.StatementOf(row)), ApiJson.Default.RunDocument);
    }

    private static JsonHttpResult<VerificationDocument> Verify(Site site, string id)
    {
        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Run);
        var listing = site.Listings.Of(row.Record, stamp => RecordEndpoints.List(reader.RunOf(row), reader, stamp));
        return TypedResults.Json(
            VerificationDocument.Of(site.Verifications.Of(reader, row, listing.KeptBytes)), ApiJson.Default.VerificationDocument);
    }

    private static JsonHttpResult<DifferenceSection[]> Compare(Site site, string a, string b)
    {
        using var reader = site.Shelf.Open();
        var (x, y) = (reader.RunOf(reader.Get(a, RecordKind.Run)), reader.RunOf(reader.Get(b, RecordKind.Run)));
        var sections = RunDifferences.Of(RunSides.Of(x, reader.Blobs), RunSides.Of(y, reader.Blobs), keepSame: false);
        return TypedResults.Json(
            sections.Select(section => section with { Items = [.. section.Items.Where(item => !item.IsSame)] })
                .Where(section => section.Items.Count > 0).ToArray(),
            ApiJson.Default.DifferenceSectionArray);
    }

    private static async Task<Results<JsonHttpResult<Assessment>, ProblemHttpResult>> Assess(
        Site site, string id, HttpRequest request, CancellationToken cancellation)
    {
        byte[]? json = await SmallBody.ReadAsync(request, HostProfileJson.MaxBytes, cancellation);
        if (json is null)
        {
            return TypedResults.Problem($"a host profile has at most {HostProfileJson.MaxBytes} bytes", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        using var reader = site.Shelf.Open();
        var run = reader.RunOf(reader.Get(id, RecordKind.Run));
        try
        {
            var assessment = Assessor.Assess(run, HostProfileJson.Parse(json));
            return TypedResults.Json(site.Audience.Review is null ? assessment : ReviewerAssessment.Of(assessment), ApiJson.Default.Assessment);
        }
        catch (RecordFormatException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static Results<JsonHttpResult<PaperDocument>, ProblemHttpResult> Paper(Site site, string doi)
    {
        using var reader = site.Shelf.Open();
        if (!Doi.TryParse(doi, out var read))
        {
            return TypedResults.Problem($"'{doi}' is no DOI", statusCode: StatusCodes.Status400BadRequest);
        }

        var citations = reader.Finder.CitationsOf(read);
        return PaperPage.Find(read, reader, site.Verifications, title => Heads.Of(site, title)) is { } page
            ? TypedResults.Json(
                new PaperDocument(read.ToString(), page.Title, [.. citations.Select(CitationItem.Of)], [.. page.Runs.Select(RunItem.Of)], page.Reproduced),
                ApiJson.Default.PaperDocument)
            : TypedResults.Problem($"nobody has said here that doi:{read} rests on a run", statusCode: StatusCodes.Status404NotFound);
    }

    private static JsonHttpResult<LogDocument> Log(Site site)
    {
        var checkpoint = new TransparencyLog(site.Options.Layout, site.Options.Sync).FindCheckpoint();
        return TypedResults.Json(
            new LogDocument(
                checkpoint?.Tree.Size ?? 0,
                checkpoint is null ? null : Convert.ToBase64String(checkpoint.Tree.Root.Span),
                LogKeyStore.FindVerifier(site.Options.Layout)?.ToString(),
                checkpoint is null ? null : System.Text.Encoding.UTF8.GetString(checkpoint.ToBytes())),
            ApiJson.Default.LogDocument);
    }

    private static JsonHttpResult<StatisticsDocument> Statistics(Site site)
    {
        var numbers = site.Census.Now();
        return TypedResults.Json(
            new StatisticsDocument
            {
                CountedAt = numbers.CountedAt,
                Runs = numbers.Runs,
                Images = numbers.Images,
                Replays = numbers.Replays,
                Endorsements = numbers.Endorsements,
                Citations = numbers.Citations,
                Months = numbers.Facets.Months,
                Verdicts = numbers.Facets.Verdicts,
            },
            ApiJson.Default.StatisticsDocument);
    }
}
