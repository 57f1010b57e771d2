using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Provenance.Archive.Access;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>
/// Citations, endorsements, replays, tombstones, names in certificates and labels, all of nothing but harm. What a text is must make no difference to
/// what a page consists of: the same elements with the same attributes as with harmless words.
/// </summary>
public sealed partial class HostileTextTests
{
    private const string Harmless = "plain words";

    public static TheoryData<string> Harms =>
    [
        "\"'></p></title></script><script>window.harm=1</script>",
        "<img src=x onerror=window.harm=1><svg/onload=window.harm=1>",
        "\" onmouseover=\"window.harm=1\" autofocus onfocus=\"harm()\" x=\"",
        "javascript:window.harm=1//",
        "data:text/html,<script>window.harm=1</script>",
        "]]>--><!--<b>&lt;script&gt;window.harm=1&#60;/script&#62;\\u003cb\\u003e",
        "//harm.example/x\" rel=\"stylesheet",
        "\u202e><script>harm</script>{@harm} \\textbf{harm} %0d%0aSet-Cookie: harm=1",
        "}} @article{harm, url = {javascript:harm()}",
    ];

    [Theory]
    [MemberData(nameof(Harms))]
    public async Task A_page_consists_of_the_same_whatever_others_wrote(string harm)
    {
        await using var plain = await TestSite.StartAsync();
        await using var site = await TestSite.StartAsync();
        var expected = SignedTexts.Fill(plain, Harmless);
        var found = SignedTexts.Fill(site, harm);

        foreach (var (like, path) in expected.Pages().Zip(found.Pages()))
        {
            string page = await ReadAsync(site, path, "text/html");

            Assert.Equal((path, StructureOf(await ReadAsync(plain, like, "text/html"))), (path, StructureOf(page)));
            foreach (string address in Addresses().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups["value"].Value)))
            {
                Assert.True(IsOfTheSite(site, address), $"{path}: leads to {address}");
            }

            foreach (Match block in JsonLd().Matches(page))
            {
                using var json = JsonDocument.Parse(block.Groups["json"].Value);
                Assert.Equal("https://schema.org", json.RootElement.GetProperty("@context").GetString());
            }
        }
    }

    /// <summary>So that the test above reads pages that show the texts, and not others.</summary>
    [Fact]
    public async Task Every_text_is_on_the_page_of_what_it_was_signed_in()
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "<i>&\"it'");
        string shown = System.Text.Encodings.Web.HtmlEncoder.Default.Encode("<i>&\"it'");

        foreach (string path in texts.Showing())
        {
            Assert.Contains(shown, await ReadAsync(site, path, "text/html"), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Harms))]
    public async Task Documents_are_what_they_say_they_are_whatever_others_wrote(string harm)
    {
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, harm);

        foreach (string path in texts.Json())
        {
            using var json = JsonDocument.Parse(await ReadAsync(site, path, "json"));
            Assert.NotEqual(JsonValueKind.Undefined, json.RootElement.ValueKind);
        }

        foreach (string path in texts.Xml())
        {
            var xml = XDocument.Parse(await ReadAsync(site, path, "xml"));
            Assert.DoesNotContain(xml.Descendants(), element => element.Name.LocalName is "script" or "img" or "foreignObject");
            Assert.DoesNotContain(xml.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            Assert.All(
                xml.Descendants().Attributes("href").Select(attribute => attribute.Value).Concat(
                    xml.Descendants().Where(element => element.Name.LocalName == "loc").Select(element => element.Value)),
                address => Assert.True(IsOfTheSite(site, address), $"{path}: leads to {address}"));
        }

        foreach (string path in texts.Others())
        {
            await ReadAsync(site, path, "");
        }

        // BibTeX counts braces, whether a backslash stands before them or not: one too many would end the entry and begin another.
        string bib = await ReadAsync(site, $"/runs/{texts.Run.Hex}/cite.bib", "bibtex");
        int depth = 0;
        Assert.Equal(1, bib.Count(letter => letter is '{' ? depth++ == 0 : letter is '}' && --depth < 0));
        Assert.Equal(0, depth);
    }

    /// <summary>A label is the editor's; a reviewer is shown nothing of it, nor of who signed what he reads.</summary>
    [Fact]
    public async Task What_a_link_for_reviewers_is_called_is_on_no_page()
    {
        await using var site = await TestSite.StartAsync();
        const string Label = "\"><script>label</script>";
        const string Text = "Sünje Ångström-Ünique \"><b>";
        var texts = SignedTexts.Fill(site, Text);
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create(Label, [texts.Run], null);
        int read = 0;
        foreach (string path in texts.Pages().Concat(texts.Json()).Concat(texts.Xml()).Concat(texts.Others()).Append($"/review/{secret}"))
        {
            using var response = await site.SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {secret}"));
            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            read += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            Assert.False(body.Contains("<script>label", StringComparison.Ordinal), $"{path}: the label");
            Assert.False(WebUtility.HtmlDecode(body).Contains("label</script>", StringComparison.Ordinal), $"{path}: the label");
            Assert.False(body.Contains("<b>", StringComparison.Ordinal), $"{path}: is not escaped");
        }

        Assert.InRange(read, 5, 100);
    }

    [Theory]
    [InlineData("/runs/{0}", 410)]
    [InlineData("/runs/{1}", 404)]
    [InlineData("/replays/x", 404)]
    [InlineData("/nothing", 404)]
    [InlineData("/papers/x", 404)]
    [InlineData("/feed.atom?since=x", 400)]
    [InlineData("/api/v1/runs/{0}", 410)]
    [InlineData("/api/v1/runs/{1}", 404)]
    public async Task What_goes_wrong_is_answered_with_the_same_policy(string path, int status)
    {
        await using var site = await TestSite.StartAsync();
        site.TakeDown(site.OtherRun, RecordKind.Run, "<script>harm</script>");

        using var response = await site.SendAsync(HttpMethod.Get, string.Format(CultureInfo.InvariantCulture, path, site.OtherRun.Hex, new string('0', 64)));
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(IsGuarded(response));
        Assert.False(response.Content.Headers.ContentType!.MediaType == "text/html" && body.Contains("<script>harm", StringComparison.Ordinal), body);
    }

    /// <summary>A real browser, for what the tests above do not think of.</summary>
    [Fact]
    public async Task None_of_it_runs_in_a_browser()
    {
        Assert.SkipUnless(File.Exists(Chromium.Program), "chromium is not installed");
        await using var site = await TestSite.StartAsync();
        var texts = SignedTexts.Fill(site, "\"'></title></script><script>window.harm=1</script><img src=x onerror=window.harm=1>");
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        foreach (string path in texts.Pages())
        {
            await page.GotoAsync(path);

            Assert.True(await page.EvaluateAsync<bool>("window.harm === undefined"), $"{path}: it ran");
        }

        Assert.DoesNotContain(browser.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> ReadAsync(TestSite site, string path, string kind)
    {
        using var response = await site.SendAsync(HttpMethod.Get, path);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string type = response.Content.Headers.ContentType?.MediaType ?? "none";

        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Gone, $"{path}: {(int)response.StatusCode}");
        Assert.True(kind == "text/html" ? type == kind : type.Contains(kind, StringComparison.Ordinal) && type != "text/html", $"{path}: {type}");
        Assert.True(IsGuarded(response), $"{path}: browsers are not told what it may not do");
        Assert.DoesNotContain("Set-Cookie", response.Headers.Select(header => header.Key));
        return body;
    }

    private static bool IsGuarded(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Content-Type-Options", out var options) && options.Single() == "nosniff"
        && response.Headers.TryGetValues("Content-Security-Policy", out var policy)
        && policy.Single().StartsWith("default-src 'none';", StringComparison.Ordinal);

    /// <summary>The elements of a page in their order, each with the names of its attributes.</summary>
    private static string StructureOf(string html) =>
        string.Join('\n', Tag().Matches(html).Select(tag => $"{tag.Groups["name"].Value} {AttributesOf(tag.Groups["rest"].Value)}"));

    private static string AttributesOf(string tag) => string.Join(' ', Attribute().Matches(tag).Select(attribute => attribute.Groups["name"].Value));

    private static bool IsOfTheSite(TestSite site, string address) =>
        address.Length == 0 || address[0] == '#' || (address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal))
        || address.StartsWith($"{site.Address}/", StringComparison.Ordinal) || address == site.Address
        || address.StartsWith("https://doi.org/10.", StringComparison.Ordinal)
        || address is "https://c2sp.org/tlog-tiles" or "https://schema.org/AboutPage" or "https://schema.org/Dataset";

    [GeneratedRegex("""<(?<name>[/!?]?[A-Za-z][A-Za-z0-9-]*|!--|!\[)(?<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<name>[^\s=>"'/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?""")]
    private static partial Regex Attribute();

    [GeneratedRegex("""\s(?:href|src|action|formaction|xlink:href|data|poster|srcset)="(?<value>[^"]*)""")]
    private static partial Regex Addresses();

    [GeneratedRegex("""<script type="application/ld\+json">(?<json>.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex JsonLd();
}
