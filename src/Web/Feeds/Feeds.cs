using System.Text;
using System.Xml;
using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;

namespace Provenance.Web.Feeds;

/// <summary>How others hear of what is new: /feed.atom for readers, /sitemap.xml for those who crawl.</summary>
internal static class Feeds
{
    public const string AtomType = "application/atom+xml";
    public const string Atom = "/feed.atom";

    /// <summary>Entries of a feed, and runs of a site map: there the newest are told, and lists and lineage lead to the others.</summary>
    private const int Entries = 50;
    private const int MappedRuns = 10_000;
    private const int MappedImages = 500;
    private const int MappedPapers = 1000;
    private const string SitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private static readonly string[] Lists = ["/", "/runs", "/images", "/papers", "/signers", "/log", "/stats", "/help/hash", "/help/verify"];

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Atom, Feed);
        pages.MapGet("/sitemap.xml", Sitemap);
    }

    /// <summary>The conditions of /runs, or <c>paper</c>, a DOI.</summary>
    private static IResult Feed(Site site, HttpRequest request, string? paper)
    {
        var choice = RunChoice.Read(request.Query);
        if (choice.Problem is { } problem)
        {
            return Troubles.BadRequest(site, $"There is no such feed: {problem}.");
        }

        if (paper is not null)
        {
            return Doi.TryParse(paper, out var doi)
                ? OfPaper(site, request, doi)
                : Troubles.BadRequest(site, $"“{paper}” is no DOI, expected 10.PREFIX/SUFFIX.");
        }

        using var reader = site.Shelf.Open();
        string title = choice.Given.Count == 0 ? "runs" : $"runs: {string.Join(", ", choice.Given.Select(pair => $"{pair.Key} {pair.Value}"))}";
        return Answer(site, request, title, choice.Address(Atom), choice.Address("/runs"), reader.Finder.Runs(choice.Query with { Limit = Entries }));
    }

    private static IResult OfPaper(Site site, HttpRequest request, Doi doi)
    {
        using var reader = site.Shelf.Open();
        var runs = reader.Finder.CitationsOf(doi).Select(citation => citation.Run).Distinct().Select(reader.Finder.FindRun).OfType<RunRow>()
            .OrderByDescending(run => run.StartedAt).Take(Entries);
        return Answer(site, request, $"runs that doi:{doi} rests on", OfPaper(doi), Paths.Paper(doi), [.. runs]);
    }

    public static string OfPaper(Doi doi) => $"{Atom}?paper={Uri.EscapeDataString(doi.ToString())}";

    private static IResult Answer(Site site, HttpRequest request, string title, string address, string page, IReadOnlyList<RunRow> runs)
    {
        var feed = new AtomFeed
        {
            Title = $"{site.Options.Title}: {title}",
            Address = site.AddressOf(request, address),
            Page = site.AddressOf(request, page),
            Site = site.AddressOf(request, ""),
            Program = site.Options.Program.Name,
            Runs = runs,
        };
        return Results.Bytes(feed.ToBytes(), AtomType);
    }

    /// <remarks>Source: sitemaps.org, protocol 0.9.</remarks>
    private static IResult Sitemap(Site site, HttpRequest request)
    {
        using var reader = site.Shelf.Open();
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineChars = "\n" }))
        {
            xml.WriteStartElement("urlset", SitemapNamespace);
            IEnumerable<(string Path, DateTimeOffset? Changed)> all =
            [
                .. Lists.Select(path => (path, (DateTimeOffset?)null)),
                .. reader.Finder.Papers(MappedPapers).Select(doi => (Paths.Paper(doi), (DateTimeOffset?)null)),
                .. reader.Finder.Images(MappedImages).DistinctBy(image => image.Manifest).Select(image => (Paths.Image(image.Manifest), (DateTimeOffset?)null)),
                .. reader.Finder.Runs(new RunQuery { Limit = MappedRuns }).Select(run => (Paths.Run(run.Record), (DateTimeOffset?)run.EndedAt)),
            ];
            foreach (var (path, changed) in all)
            {
                xml.WriteStartElement("url", SitemapNamespace);
                xml.WriteElementString("loc", SitemapNamespace, site.AddressOf(request, path));
                if (changed is { } time)
                {
                    xml.WriteElementString("lastmod", SitemapNamespace, PageText.Iso(time));
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return Results.Bytes(bytes.ToArray(), "application/xml");
    }
}
