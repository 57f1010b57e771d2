using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The commands that pages give to those who believe neither the server nor this program: typed into a shell, as they stand there.</summary>
public sealed partial class ByHandTests
{
    [Theory]
    [InlineData("run", 1)]
    [InlineData("image", 3)]
    [InlineData("replay", 2)]
    [InlineData("citation", 2)]
    [InlineData("endorsement", 2)]
    public async Task The_commands_of_a_page_find_out_its_facts(string kind, int digests)
    {
        await using var site = await TestSite.StartAsync();
        using var folder = new TemporaryFolder();
        string page = await site.GetAsync(PageOf(site, kind));

        var (status, output) = Type(folder.Path, string.Concat(CommandsOf(page)));

        Assert.True(status == 0, output);
        var expected = MustPrint().Matches(string.Concat(CommandsOf(page))).Select(match => match.Groups["hex"].Value).ToList();
        Assert.InRange(expected.Count, digests, 30);
        Assert.All(expected, hex => Assert.Contains($"{hex}  ", output));
        Assert.Contains("CAdES Verification successful", output);
        Assert.Contains("Ada Example", output);
        Assert.Matches($"entry [0-9]+ of [0-9]+ in log .*: {expected[0]}", output);
    }

    [Fact]
    public async Task The_commands_of_the_log_see_whether_its_key_signed_it()
    {
        await using var site = await TestSite.StartAsync();
        using var folder = new TemporaryFolder();
        string commands = string.Concat(CommandsOf(await site.GetAsync("/log")));

        var (status, output) = Type(folder.Path, commands);
        Assert.True(status == 0, output);
        Assert.Contains("Signature Verified Successfully", output);

        // The same of a head that was changed on its way.
        string changed = commands.Replace("checkpoint > text", "checkpoint | sed '2s/.*/9/' > text", StringComparison.Ordinal);
        Assert.NotEqual(commands, changed);
        Assert.NotEqual(0, Type(folder.Path, changed).Status);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("image")]
    [InlineData("replay")]
    public async Task A_reviewer_is_told_why_there_are_none(string kind)
    {
        await using var site = await TestSite.StartAsync();
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run, site.Replay], null);
        using var response = await site.SendAsync(HttpMethod.Get, PageOf(site, kind), ("Authorization", $"Bearer {secret}"));
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(CommandsOf(page));
        Assert.Contains("You are shown them with names replaced", page);
    }

    /// <summary>What somebody else sent is not what the record says: the commands say so too.</summary>
    [Fact]
    public async Task Other_bytes_are_found_out_by_them()
    {
        await using var site = await TestSite.StartAsync();
        using var folder = new TemporaryFolder();
        string commands = CommandsOf(await site.GetAsync($"/runs/{site.Run.Hex}")).First();
        string changed = commands.Replace(
            "sha256sum record.json", "sed -i s/predicate/predicete/ record.json; sha256sum record.json", StringComparison.Ordinal);

        var (status, output) = Type(folder.Path, changed);

        Assert.NotEqual(0, status);
        Assert.DoesNotContain($"{site.Run.Hex}  record.json", output);
        Assert.DoesNotContain("CAdES Verification successful", output);
    }

    private static string PageOf(TestSite site, string kind) => kind switch
    {
        "run" => $"/runs/{site.Run.Hex}",
        "image" => $"/images/{site.Image.Manifest.Digest}",
        "replay" => $"/replays/{site.Replay.Hex}",
        "citation" => $"/records/{site.Citation.Hex}",
        _ => $"/records/{Endorse(site).Hex}",
    };

    private static Digest Endorse(TestSite site)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(RecordSamples.Start);
        using var key = new KeyStore(site.Archive.Layout, SampleArchive.Sync, clock).Find()!;
        var endorsement = new Endorser(site.Archive.Blobs, SampleArchive.Sync, clock, new Recorder { Name = "prov", Version = "1" })
            .Endorse(RecordKind.Run, site.Archive.Blobs.Read(site.Run, CanonicalJson.MaxBytes), key, "seen").Endorsement;
        site.Archive.Intake().SequenceIncoming();
        return endorsement;
    }

    private static IEnumerable<string> CommandsOf(string page) =>
        Commands().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups["commands"].Value).Trim() + "\n");

    private static (int Status, string Output) Type(string folder, string commands)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-eu", "-c", $"exec 2>&1\n{commands}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["no_proxy"] = "127.0.0.1" },
        })!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return (shell.ExitCode, output);
    }

    [GeneratedRegex("""<pre class="by-hand" tabindex="0"><code>(?<commands>.*?)</code></pre>""", RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex("# must print (?<hex>[0-9a-f]{64})")]
    private static partial Regex MustPrint();
}
