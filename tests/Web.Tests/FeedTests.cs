using System.Net;
using System.Xml.Linq;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>How others hear of what is new.</summary>
public sealed class FeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Fact]
    public async Task A_feed_has_what_rfc_4287_demands_and_the_newest_run_first()
    {
        await using var site = await TestSite.StartAsync();
        using var response = await site.SendAsync(HttpMethod.Get, "/feed.atom");
        var feed = XDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!;

        Assert.Equal("application/atom+xml", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"{site.Address}/feed.atom", feed.Element(Atom + "id")!.Value);
        Assert.NotEmpty(feed.Element(Atom + "title")!.Value);
        Assert.Equal($"{site.Address}/feed.atom", feed.Elements(Atom + "link").Single(link => link.Attribute("rel")!.Value == "self").Attribute("href")!.Value);
        var entries = feed.Elements(Atom + "entry").ToList();
        Assert.Equal([$"urn:x-prov:run:{site.OtherRun.Hex}", $"urn:x-prov:run:{site.Run.Hex}"], entries.Select(entry => entry.Element(Atom + "id")!.Value));
        Assert.All(entries, entry =>
        {
            Assert.NotEmpty(entry.Element(Atom + "title")!.Value);
            Assert.NotEmpty(entry.Element(Atom + "author")!.Element(Atom + "name")!.Value);
            Assert.NotEqual(default, (DateTimeOffset)entry.Element(Atom + "updated")!);
        });
        Assert.Equal(entries.Max(entry => entry.Element(Atom + "updated")!.Value), feed.Element(Atom + "updated")!.Value);
        Assert.Equal("200", await site.FollowAsync(new Uri(entries[0].Element(Atom + "link")!.Attribute("href")!.Value).AbsolutePath));
    }

    [Fact]
    public async Task Images_papers_and_choices_have_feeds_that_their_pages_name()
    {
        await using var site = await TestSite.StartAsync();
        foreach (var (page, runs) in new[] { ("/", 2), ("/runs?text=nothing-like-it", 0), ($"/images/{site.Image.Manifest.Digest}", 2), ($"/papers/{TestSite.Paper}", 1) })
        {
            string html = await site.GetAsync(page);
            string feed = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(
                html, "<link rel=\"alternate\" href=\"([^\"]+)\" type=\"application/atom\\+xml\"").Groups[1].Value);

            Assert.Equal((page, runs), (page, XDocument.Parse(await site.GetAsync(feed)).Root!.Elements(Atom + "entry").Count()));
        }

        Assert.Equal("400", await site.FollowAsync("/feed.atom?since=yesterday"));
        Assert.Equal("400", await site.FollowAsync("/feed.atom?paper=x"));
    }

    [Fact]
    public async Task A_feed_reader_that_has_the_newest_is_sent_nothing()
    {
        await using var site = await TestSite.StartAsync();
        await site.GetAsync("/feed.atom");
        await TestSite.SettleAsync();
        using var first = await site.SendAsync(HttpMethod.Get, "/feed.atom");
        using var again = await site.SendAsync(HttpMethod.Get, "/feed.atom", ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Control_characters_of_a_command_do_not_break_the_feed()
    {
        await using var site = await TestSite.StartAsync();
        site.Archive.Accept(9, run => run with { Invocation = run.Invocation with { Argv = ["a\u0001\u001b[31m\uffff<&>]]>😀"] } });

        var feed = XDocument.Parse(await site.GetAsync("/feed.atom")).Root!;

        Assert.Contains(feed.Elements(Atom + "entry"), entry => entry.Element(Atom + "title")!.Value.Contains("<&>]]>😀", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_that_the_site_map_names_is_there()
    {
        await using var site = await TestSite.StartAsync();
        Assert.Contains($"Sitemap: {site.Address}/sitemap.xml\n", await site.GetAsync("/robots.txt"));
        var locations = XDocument.Parse(await site.GetAsync("/sitemap.xml")).Root!.Elements(Map + "url").Select(url => url.Element(Map + "loc")!.Value).ToList();

        Assert.Contains($"{site.Address}/runs/{site.Run.Hex}", locations);
        Assert.Contains($"{site.Address}/papers/{TestSite.Paper}", locations);
        Assert.Contains($"{site.Address}/images/{site.Image.Manifest.Digest}", locations);
        foreach (string location in locations)
        {
            Assert.Equal((location, "200"), (location, await site.FollowAsync(new Uri(location).AbsolutePath)));
        }
    }
}
