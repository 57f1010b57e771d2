using System.Net;
using System.Text.Json;
using Provenance.Archive.Access;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What papers and people are found by, and what is said of figures that their runs did not make.</summary>
public sealed class PaperTests
{
    private const string Doi = "10.5555/by-hand";

    [Fact]
    public async Task A_figure_that_its_run_did_not_make_is_said_to_be_none_of_its_outputs()
    {
        await using var site = await TestSite.StartAsync();
        site.CiteAnything(site.OtherRun, Doi, "Drawn by hand", "drawn by hand");

        Assert.Contains("not among its outputs", await site.GetAsync($"/papers/{Doi}"));
        Assert.Contains("not among the outputs of this run", await site.GetAsync($"/runs/{site.OtherRun.Hex}"));
        Assert.False(FigureOf(await site.GetAsync($"/api/v1/papers/{Doi}")).GetProperty("isOutput").GetBoolean());
        Assert.DoesNotContain("not among", await site.GetAsync($"/papers/{TestSite.Paper}"));
        Assert.DoesNotContain("not among", await site.GetAsync($"/runs/{site.Run.Hex}"));
        Assert.True(FigureOf(await site.GetAsync($"/api/v1/papers/{TestSite.Paper}")).GetProperty("isOutput").GetBoolean());

        static JsonElement FigureOf(string paper) => JsonElement.Parse(paper).GetProperty("citations")[0].GetProperty("figures")[0];
    }

    [Theory]
    [InlineData("fitted", "/papers/10.1234/example.2026.7")]
    [InlineData("SINES, FIT", "/papers/10.1234/example.2026.7")]
    [InlineData("ada exam", "/signers/")]
    [InlineData("mailto:Ada Example", null)]
    [InlineData("https://orcid.org/0000-0002-1825-0097", null)]
    [InlineData("Grace Hopper", null)]
    [InlineData("%", null)]
    public async Task Papers_and_people_are_looked_up_by_letters_of_their_names(string question, string? leadsTo)
    {
        await using var site = await TestSite.StartAsync();
        string path = $"lookup?q={Uri.EscapeDataString(question)}";

        using var page = await site.SendAsync(HttpMethod.Get, $"/{path}");
        string html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = JsonElement.Parse(await site.GetAsync($"/api/v1/{path}"));
        int found = json.GetProperty("citations").GetArrayLength() + json.GetProperty("signers").GetArrayLength();

        Assert.Equal(leadsTo is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(leadsTo is null ? 0 : 1, found);
        Assert.Contains(leadsTo is null ? "Nothing found" : $"href=\"{leadsTo}", html);
    }

    [Fact]
    public async Task An_orcid_in_the_name_of_a_key_is_found_by_its_address()
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "0000-0002-1825-0097");

        var json = JsonElement.Parse(await site.GetAsync("/api/v1/lookup?q=https%3A%2F%2Forcid.org%2F0000-0002-1825-0097"));

        Assert.Equal(texts.Certificate.Hex, Assert.Single(json.GetProperty("signers").EnumerateArray()).GetProperty("certificate").GetString());
    }

    [Fact]
    public async Task Letters_of_a_name_find_nobody_and_no_paper_of_whom_everything_is_private()
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "hidden-words");
        string token = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("ada", "test", TokenScopes.Read, isPrivate: false, null);
        Assert.Contains(texts.Certificate.Hex, await site.GetAsync("/api/v1/lookup?q=hidden-w"));
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([texts.Run, texts.Image, site.OtherRun], "ada", null);

        var json = JsonElement.Parse(await site.GetAsync("/api/v1/lookup?q=hidden-w"));
        using var own = await site.SendAsync(HttpMethod.Get, "/api/v1/lookup?q=hidden-w", ("Authorization", $"Bearer {token}"));

        Assert.Equal((0, 0), (json.GetProperty("citations").GetArrayLength(), json.GetProperty("signers").GetArrayLength()));
        Assert.Contains(texts.Certificate.Hex, await own.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("404", await site.FollowAsync("/lookup?q=hidden-w"));
    }

    [Fact]
    public async Task What_a_run_asks_of_a_machine_is_on_its_page_and_in_the_API()
    {
        await using var site = await TestSite.StartAsync();
        await using var bare = await TestSite.StartAsync(run => run with { Requirements = null });

        var asks = JsonElement.Parse(await site.GetAsync($"/api/v1/runs/{site.Run.Hex}")).GetProperty("requirements");
        string page = await site.GetAsync($"/runs/{site.Run.Hex}");

        Assert.Contains("fma", asks.GetProperty("mustHave").EnumerateArray().Select(feature => feature.GetString()));
        Assert.Equal("amd64", asks.GetProperty("architecture").GetString());
        Assert.Contains("What it asks of a machine", page);
        Assert.False(JsonElement.Parse(await bare.GetAsync($"/api/v1/runs/{bare.Run.Hex}")).TryGetProperty("requirements", out _));
        Assert.DoesNotContain("What it asks of a machine", await bare.GetAsync($"/runs/{bare.Run.Hex}"));
    }

    [Fact]
    public void Of_several_demands_the_highest_is_told()
    {
        var run = Archive.Tests.Records.RecordSamples.RunPredicate();
        var asked = run.Requirements! with
        {
            Start =
            [
                new() { Path = "/a", Kind = "kernel", Needs = "3.2.0" }, new() { Path = "/b", Kind = "kernel", Needs = "3.10.0" },
                new() { Path = "/a", Kind = "isa-note", Needs = "v2" }, new() { Path = "/b", Kind = "go", Needs = "v3" },
                new() { Path = "/a", Kind = "page", Needs = "65536" }, new() { Path = "/b", Kind = "page", Needs = "4096" },
            ],
        };
        var injected = run.Injected[0] with { VersionsNeeded = ["libc.so.6:GLIBC_2.9", "libc.so.6:GLIBC_2.34", "libc.so.6:GLIBC_PRIVATE", "libm.so.6:GLIBC_2.29"] };

        var told = Pages.RunRequirements.Of(run with { Requirements = asked, Injected = [injected] })!;

        Assert.Equal(("3.10.0", "v3", "2.34", 4096), (told.Linux, told.Level, told.LibC, told.LargestPage));
    }
}
