using System.Diagnostics;
using Provenance.Archive.Tests;
using Provenance.Archive.Tests.Catalog;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Provenance.Web.Tests;

/// <summary>What validators of other people say of pages and documents (tests/Validators, put there by make from its lock file).</summary>
public sealed class ValidityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_page_is_html_without_a_fault()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        string[] paths =
        [
            "/", "/runs", "/runs?text=py", "/images", "/papers", "/signers", "/log", "/stats", "/help/hash", "/help/verify", "/lookup?q=python3", "/lookup?q=nothing-at-all",
            "/nothing", $"/runs/{site.Run.Hex}", $"/runs/{site.Run.Hex}/diff/{site.OtherRun.Hex}", $"/replays/{site.Replay.Hex}", $"/images/{site.Image.Manifest.Digest}",
            $"/papers/{TestSite.Paper}", $"/files/sha256:{SampleArchive.DigestOf("result 1").Hex}", $"/records/{site.Citation.Hex}", $"/runs/{site.Run.Hex}/nothing",
        ];
        var files = new List<string>();
        foreach (string path in paths)
        {
            using var response = await site.SendAsync(HttpMethod.Get, path);
            files.Add(await SaveAsync($"{files.Count}.html", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        }

        Assert.Equal("", await CheckAsync("html", files));
    }

    [Fact]
    public async Task The_api_describes_itself_in_openapi()
    {
        Require();
        await using var site = await TestSite.StartAsync();

        Assert.Equal("", await CheckAsync("openapi", [await SaveAsync("api.json", await site.GetAsync("/openapi/v1.json"))]));
    }

    [Fact]
    public async Task A_run_is_a_crate_that_others_can_read()
    {
        Require();
        await using var site = await TestSite.StartAsync();
        string crate = await site.GetAsync($"/runs/{site.Run.Hex}/ro-crate-metadata.json");

        Assert.Equal("", await CheckAsync("ro-crate", [await SaveAsync("ro-crate-metadata.json", crate)]));
    }

    /// <summary>Whatever stands in a command: a reader of YAML gets the same text back.</summary>
    [Fact]
    public async Task A_citation_file_is_yaml_whatever_the_command_was()
    {
        const string Command = "a: \"b\" #c\\d\u0007\u2028\ufeff é😀 - &x *y";
        await using var site = await TestSite.StartAsync();
        var run = site.Archive.Accept(9, run => run with { Image = run.Image with { Reference = Command } });
        var yaml = new YamlStream();
        using var text = new StringReader(await site.GetAsync($"/runs/{run.Hex}/CITATION.cff"));

        yaml.Load(text);

        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        Assert.EndsWith($" in {Command}", ((YamlScalarNode)root.Children["title"]).Value!);
        Assert.Equal("1.2.0", ((YamlScalarNode)root.Children["cff-version"]).Value);
    }

    /// <summary>A validator that takes everything would say the same of good pages.</summary>
    [Fact]
    public async Task The_validators_do_find_faults()
    {
        Require();
        Assert.Contains("close-order", await CheckAsync("html", [await SaveAsync("bad.html", "<p><div>x</p>")]));
        Assert.Contains("must have required property", await CheckAsync("openapi", [await SaveAsync("bad.json", "{\"openapi\":\"3.1.0\"}")]));
    }

    private static string Script => Path.Combine(
        AppContext.BaseDirectory.Split($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}")[0], "tests", "Validators", "check.mjs");

    private static void Require() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Path.GetDirectoryName(Script)!, "node_modules")), "the validators are not there: make validators fetches them with npm");

    private async Task<string> SaveAsync(string name, string content)
    {
        string path = Path.Combine(_folder.Path, name);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<string> CheckAsync(string kind, IEnumerable<string> files)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Script, kind, .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string faults = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode is 0 or 1 && (await errors).Length == 0, await errors);
        return faults;
    }
}
