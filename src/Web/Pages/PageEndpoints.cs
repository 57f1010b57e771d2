using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Web.Hosting;
using Provenance.Web.Lookups;

namespace Provenance.Web.Pages;

/// <summary>Pages that are not about one record: the field, lists, papers, people, files, the log, numbers.</summary>
internal static class PageEndpoints
{
    private const int Latest = 10;
    private const int SignersShown = 500;
    private const int FacetsShown = 8;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", Home);
        pages.MapGet("/lookup", LookUp);
        pages.MapGet("/runs", Runs);
        pages.MapGet("/images", Images);
        pages.MapGet("/papers", Papers);
        pages.MapGet("/papers/{**doi}", Paper);
        pages.MapGet("/files/{name}", File);
        pages.MapGet("/signers", Signers);
        pages.MapGet("/signers/{fingerprint}", Signer);
        pages.MapGet("/log", Log);
        pages.MapGet("/stats", Statistics);
        pages.MapGet("/help/hash", IResult (Site site) => Slices.HashHelp.Create(Heads.Of(site, "How to hash a file")));
        pages.MapGet("/help/verify", IResult (Site site) => Slices.VerifyHelp.Create(Heads.Of(site, "Verify without this server")));
    }

    private static IResult Home(Site site)
    {
        using var reader = site.Shelf.Open();
        return Slices.Home.Create(new HomePage(
            Heads.Of(site, "Which run made this?"), reader.Finder.Runs(new RunQuery { Limit = Latest }), site.Census.Now()));
    }

    /// <summary>One clear answer leads to its page; several are listed; none is a page that says how the question was understood.</summary>
    private static IResult LookUp(Site site, string? q)
    {
        var query = Query.Read(q);
        if (query.Kind == QueryKind.Nothing && query.Text.Length == 0)
        {
            return Results.Redirect("/");
        }

        using var reader = site.Shelf.Open();
        var result = new Lookup(reader, site).Find(query);
        if (result.Page is { } page)
        {
            return new SeeOther(page);
        }

        var slice = Slices.Looked.Create(new LookedPage(Heads.Of(site, result.IsEmpty ? "Nothing found" : "Found", query.Text), result));
        slice.StatusCode = result.IsEmpty ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return slice;
    }

    private static IResult Runs(Site site, HttpRequest request)
    {
        var choice = RunChoice.Read(request.Query);
        using var reader = site.Shelf.Open();
        IReadOnlyList<RunRow> runs = choice.Problem is null ? reader.Finder.Runs(choice.Query) : [];
        return Slices.Runs.Create(new RunsPage
        {
            Head = Heads.Of(site, choice.Given.Count == 0 ? "Runs" : "Some runs") with { Feed = choice.Address(Feeds.Feeds.Atom) },
            Fields = [.. RunChoice.Fields.Select(field => (field.Name, field.Label, choice.Given.GetValueOrDefault(field.Name)))],
            Ended = choice.Given.GetValueOrDefault("ended"),
            Facets = Facets(site.Census.Now().Facets, choice),
            Runs = runs,
            Problem = choice.Problem,
            First = choice.Query.After is null ? null : choice.Address("/runs"),
            Next = runs.Count == choice.Query.Limit ? choice.Address("/runs", RunPlace.Of(runs[^1])) : null,
        });
    }

    /// <summary>Of all runs, not of those chosen: counting these anew for every click would take longer than finding them.</summary>
    private static IReadOnlyList<(string Title, IReadOnlyList<(string Label, long Count, string Address)> Values)> Facets(
        CatalogFacets facets, RunChoice choice)
    {
        return
        [
            ("Images", Values(facets.Images, "image")),
            ("Hosts", Values(facets.Hosts, "host")),
            ("Signed by", [.. facets.Signers.Take(FacetsShown).Select(signer => (signer.Name, signer.Runs, Address("signer", signer.Certificate.Hex)))]),
        ];

        IReadOnlyList<(string Label, long Count, string Address)> Values(IReadOnlyList<ValueCount> values, string name) =>
            [.. values.Take(FacetsShown).Select(value => (value.Value, value.Count, Address(name, value.Value)))];

        string Address(string name, string value) => choice.Address("/runs", set: (name, value));
    }

    private static IResult Images(Site site) => Slices.Images.Create(new ImagesPage(Heads.Of(site, "Images"), site.Images.Now()));

    private static IResult Papers(Site site) => Slices.Papers.Create(new PapersPage(Heads.Of(site, "Papers"), site.Papers.Now()));

    private static IResult Paper(Site site, string doi)
    {
        if (!Doi.TryParse(doi, out var read))
        {
            return Troubles.NotFound(site, $"“{doi}” is no DOI, expected 10.PREFIX/SUFFIX.");
        }

        if (read.ToString() != doi)
        {
            return new SeeOther(Paths.Paper(read));
        }

        using var reader = site.Shelf.Open();
        return PaperPage.Find(read, reader, site.Verifications, title => Heads.Of(site, title) with { Feed = Feeds.Feeds.OfPaper(read) }) is { } page
            ? Slices.Paper.Create(page)
            : Troubles.NotFound(site, $"Nobody has said here that doi:{read} rests on a run. Authors say so with 'prov cite'.");
    }

    private static IResult File(Site site, string name)
    {
        if (ContentHex.Parse(name) is not { } hex)
        {
            return Troubles.NotFound(site, $"“{name}” is no digest of a file, expected sha256: and 64 hex digits.");
        }

        if (Paths.File(hex) != $"/files/{name}")
        {
            return new SeeOther(Paths.File(hex));
        }

        using var reader = site.Shelf.Open();
        return FilePage.Find(hex, reader, title => Heads.Of(site, title)) is { } page
            ? Slices.File.Create(page)
            : Troubles.NotFound(site, $"No run of this archive made or used a file with {name}.");
    }

    private static IResult Signers(Site site) =>
        Slices.Signers.Create(new SignersPage(Heads.Of(site, "People and keys"), [.. site.Census.Now().Signers.Take(SignersShown)]));

    private static IResult Signer(Site site, string fingerprint)
    {
        using var reader = site.Shelf.Open();
        if (!Digest.TryParseHex(fingerprint, out var certificate) || site.FindSigner(reader, certificate) is not { } signer)
        {
            return Troubles.NotFound(site, $"Nobody with the certificate {fingerprint} has signed a record of this archive.");
        }

        var runs = reader.Finder.Runs(new RunQuery { Signer = certificate, Limit = RunChoice.PageSize });
        var signature = runs.Count > 0 && reader.Finder.Find(runs[0].Record.Hex) is { } row
            ? site.Verifications.Of(reader, row, bytes: null).Facts.Signature
            : null;
        return Slices.Signer.Create(new SignerPage(Heads.Of(site, signer.Name), signer, signature?.Trust, runs) { Certificate = signature?.Signer });
    }

    private static IResult Log(Site site, HttpRequest request)
    {
        var checkpoint = new TransparencyLog(site.Options.Layout, site.Options.Sync).FindCheckpoint();
        return Slices.Log.Create(new LogPage
        {
            Head = Heads.Of(site, "The log"),
            Size = checkpoint?.Tree.Size ?? 0,
            Key = LogKeyStore.FindVerifier(site.Options.Layout)?.ToString(),
            Checkpoint = checkpoint is null ? null : System.Text.Encoding.UTF8.GetString(checkpoint.ToBytes()),
            Address = site.AddressOf(request, "/log"),
        });
    }

    private static IResult Statistics(Site site) =>
        Slices.Statistics.Create(new StatisticsPage(Heads.Of(site, "Numbers"), site.Census.Now()));
}
