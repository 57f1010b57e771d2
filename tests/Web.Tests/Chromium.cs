using Microsoft.Playwright;

namespace Provenance.Web.Tests;

/// <summary>Debian's Chromium, driven by Playwright. What a page asks for from anywhere but the server is counted, and not let through.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    public const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Addresses that were asked for and are not the server's.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>What pages complained of: scripts that failed, policies that were broken.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
        return new Chromium(playwright, browser);
    }

    public async Task<IPage> OpenAsync(string site, BrowserNewContextOptions? options = null)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions(options ?? new BrowserNewContextOptions()) { BaseURL = site });
        await context.RouteAsync("**/*", async route =>
        {
            if (route.Request.Url.StartsWith(site, StringComparison.Ordinal) || route.Request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                await route.ContinueAsync();
                return;
            }

            Foreign.Add(route.Request.Url);
            await route.AbortAsync();
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => Complaints.Add(error);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
