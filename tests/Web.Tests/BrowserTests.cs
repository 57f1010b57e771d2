using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Provenance.Archive.Access;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The pages in a real browser, as readers use them: with a mouse, with the keyboard alone, with a file, on a phone, in the dark.</summary>
public sealed class BrowserTests
{
    [Fact]
    public async Task A_doi_leads_to_the_paper_and_on_to_the_run()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);

        await page.GotoAsync("/");
        await page.FillAsync("#big", "doi:10.1234/EXAMPLE.2026.7");
        await page.PressAsync("#big", "Enter");
        await page.WaitForURLAsync($"**/papers/{TestSite.Paper}");
        await page.ClickAsync("table a[href^='/runs/']");
        await page.WaitForURLAsync($"**/runs/{site.Run.Hex}");

        Assert.Contains("Everything that was checked holds.", await page.TextContentAsync("main"));
        Assert.Empty(browser.Foreign);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_file_is_hashed_in_the_browser_and_leads_to_the_run_that_made_it()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        var posted = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method != "GET")
            {
                posted.Add(request.Url);
            }
        };

        await page.GotoAsync("/");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "fit.csv", MimeType = "text/csv", Buffer = "result 1"u8.ToArray() });
        await page.WaitForURLAsync($"**/files/sha256:{SampleArchive.DigestOf("result 1").Hex}");

        Assert.Contains("1 run made exactly these bytes", await page.TextContentAsync("main"));
        Assert.Empty(posted);
        Assert.Empty(browser.Complaints);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(64)]
    [InlineData(1_000_003)]
    [InlineData(20_000_000)]
    public async Task The_browsers_digest_of_any_size_is_ours(int size)
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++)
        {
            content[i] = (byte)((i * 31) + (i >> 8));
        }

        await page.GotoAsync("/");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "x", MimeType = "application/octet-stream", Buffer = content });

        await page.WaitForURLAsync($"**/lookup?q=sha256:{Archive.Content.Digest.Of(content).Hex}");
    }

    [Fact]
    public async Task A_machines_profile_leads_to_a_verdict()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        var host = RecordSamples.Host();
        byte[] profile = HostProfileJson.Serialize(host with { Cpu = host.Cpu with { Architecture = "arm64", Level = null, Features = [] } });

        await page.GotoAsync($"/runs/{site.Run.Hex}");
        await page.SetInputFilesAsync("#profile", new FilePayload { Name = "host.json", MimeType = "application/json", Buffer = profile });
        await page.ClickAsync("text=Ask");
        await page.WaitForURLAsync("**/check");

        Assert.Equal("It cannot be repeated there", await page.TextContentAsync("h1"));
    }

    [Fact]
    public async Task The_keyboard_alone_gets_from_the_field_to_a_runs_files()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);

        await page.GotoAsync("/runs");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await FocusedAsync(page));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "python3");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/runs/*");
        await TabToAsync(page, "download");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));

        Assert.Equal("fit.csv", download.SuggestedFilename);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 320)]
    public async Task No_page_has_anything_that_shuts_people_out(ColorScheme scheme, int width)
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(
            site.Address, new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        string[] paths =
        [
            "/", "/runs", "/images", "/papers", "/signers", "/log", "/stats", "/help/hash", "/help/verify", "/lookup?q=python3", "/lookup?q=nothing-at-all",
            $"/runs/{site.Run.Hex}", $"/runs/{site.Run.Hex}/diff/{site.OtherRun.Hex}", $"/replays/{site.Replay.Hex}", $"/images/{site.Image.Manifest.Digest}",
            $"/papers/{TestSite.Paper}", $"/files/sha256:{SampleArchive.DigestOf("result 1").Hex}", $"/records/{site.Citation.Hex}",
        ];
        var found = new List<string>();
        foreach (string path in paths)
        {
            found.AddRange(await ViolationsAsync(page, path));
            if (!await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"))
            {
                string widest = await page.EvaluateAsync<string>(
                    "[...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll, pre')).slice(0, 3).map(e => e.outerHTML.slice(0, 200)).join(' | ')");
                found.Add($"{path}: has to be moved sideways: {widest}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
        Assert.Empty(browser.Foreign);
    }

    [Fact]
    public async Task A_reviewer_opens_the_link_and_reads_the_private_run_without_names()
    {
        const string User = "jlovelace";
        Require();
        await using var site = await TestSite.StartAsync(run => run with
        {
            Invocation = run.Invocation with { User = run.Invocation.User with { Name = User, Home = $"/home/{User}" }, WorkingDirectory = $"/home/{User}/fits" },
        });
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], "ada", null);
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run], null);
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);

        await page.GotoAsync($"/runs/{site.Run.Hex}");
        Assert.Equal("There is no such page", await page.TextContentAsync("h1"));
        await page.GotoAsync($"/review/{secret}");
        await page.WaitForURLAsync($"**/runs/{site.Run.Hex}");
        string text = await page.ContentAsync();

        Assert.DoesNotContain(User, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Ada Example", text, StringComparison.Ordinal);
        Assert.Matches("author-[0-9]+", text);
        await page.GotoAsync("/runs");
        Assert.Equal(1, await page.Locator("table a[href^='/runs/']").CountAsync());
        Assert.Empty(await ViolationsAsync(page, $"/runs/{site.Run.Hex}"));
        Assert.Empty(browser.Foreign);
    }

    [Fact]
    public async Task What_was_taken_down_says_so_in_the_place_where_it_was()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        var tombstone = site.TakeDown(site.Run, RecordKind.Run, "has names of patients");
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);

        await page.GotoAsync("/");
        await page.FillAsync("#big", site.Run.Hex[..12]);
        await page.PressAsync("#big", "Enter");
        await page.WaitForURLAsync($"**/runs/{site.Run.Hex}");
        Assert.Equal("This run was taken down", await page.TextContentAsync("h1"));
        Assert.Contains("has names of patients", await page.TextContentAsync("main"));
        await page.ClickAsync("text=The signed statement");
        await page.WaitForURLAsync($"**/records/{tombstone.Hex}");

        Assert.Empty(await ViolationsAsync(page, $"/runs/{site.Run.Hex}"));
        Assert.Empty(await ViolationsAsync(page, $"/records/{tombstone.Hex}"));
    }

    [Fact]
    public async Task Without_scripts_every_way_is_open()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address, new BrowserNewContextOptions { JavaScriptEnabled = false });

        await page.GotoAsync("/");
        Assert.False(await page.IsVisibleAsync("#file"));
        await page.ClickAsync("text=hash the file");
        Assert.Contains("sha256sum figure.png", await page.TextContentAsync("main"));
        await page.FillAsync("#q", site.Run.Hex[..12]);
        await page.PressAsync("#q", "Enter");
        await page.WaitForURLAsync($"**/runs/{site.Run.Hex}");
    }

    private static void Require() => Assert.SkipUnless(File.Exists(Chromium.Program), "chromium is not installed");

    private static async Task<IEnumerable<string>> ViolationsAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = RunOnlyOptions.Tags("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice") });
        return result.Violations.Select(violation =>
            $"{path}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}");
    }

    private static Task<string?> FocusedAsync(IPage page) => page.EvaluateAsync<string?>("document.activeElement.textContent.trim()");

    private static async Task TabToAsync(IPage page, string text)
    {
        for (int i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if ((await FocusedAsync(page) ?? "").Contains(text, StringComparison.Ordinal) && await page.EvaluateAsync<bool>("document.activeElement.tagName === 'A'"))
            {
                return;
            }
        }

        Assert.Fail($"'{text}' is not reached by the keyboard");
    }
}
