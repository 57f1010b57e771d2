using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What is restricted is not there for others, whatever they ask.</summary>
public sealed class AccessTests
{
    private static readonly HttpMethod Get = HttpMethod.Get;

    [Fact]
    public async Task A_private_run_is_on_no_address_and_in_no_list_and_counted_nowhere()
    {
        await using var site = await TestSite.StartAsync();
        string token = Token(site, "ada", TokenScopes.Read);
        string run = site.Run.Hex;
        string[] addresses = [.. AddressesOf(site)];
        Assert.All(addresses, address => Assert.NotEqual(404, StatusOf(site, address, null)));

        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], "ada", null);

        Assert.All(addresses, address => Assert.Equal(404, StatusOf(site, address, null)));
        Assert.All(addresses, address => Assert.Equal(404, StatusOf(site, address, Token(site, "ben", TokenScopes.Read))));
        Assert.All(addresses, address => Assert.NotEqual(404, StatusOf(site, address, token)));
        foreach (string list in (string[])
            ["/", "/runs", "/stats", "/api/v1/runs", "/api/v1/statistics", "/papers", $"/papers/{TestSite.Paper}", "/images", "/signers", "/feed.atom", "/sitemap.xml",
                $"/lookup?q={run}", $"/lookup?q={SampleArchive.DigestOf("result 1").Hex}", $"/api/v1/lookup?q={run[..12]}", "/v2/prov/tags/list", "/v2/_catalog",
                $"/runs/{site.OtherRun.Hex}", $"/images/{site.Image.Manifest.Digest}", "/api/v1/openapi", $"/compare/{run}/{site.OtherRun.Hex}"])
        {
            using var response = await site.SendAsync(Get, list);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            // What was asked for may be said again; nothing but that.
            Assert.DoesNotContain(run[..12], text.Replace(run, "", StringComparison.Ordinal).Replace(Uri.UnescapeDataString(list.Split('=')[^1]), "", StringComparison.Ordinal));
            Assert.DoesNotContain(site.Replay.Hex[..12], text);
        }

        // A badge is a picture for everything, and of what there is none it is one that says so.
        string absent = new('0', run.Length);
        Assert.Equal(
            (await TextOf(site, $"/badge/run/{absent}.svg", null)).Replace(absent, run, StringComparison.Ordinal), await TextOf(site, $"/badge/run/{run}.svg", null));
        Assert.Contains(run, await TextOf(site, "/api/v1/runs", token));
        Assert.DoesNotContain($"\"{run}", await TextOf(site, "/api/v1/runs", null));
        Assert.Equal(1, JsonElement.Parse(await TextOf(site, "/api/v1/statistics", null)).GetProperty("runs").GetInt64());
    }

    [Fact]
    public async Task What_is_taken_down_is_gone_for_everybody_and_says_so()
    {
        await using var site = await TestSite.StartAsync();
        string run = site.Run.Hex;
        string[] readers = [Token(site, "ada", TokenScopes.Read), Token(site, "keeper", TokenScopes.Admin)];
        string tombstone = site.TakeDown(site.Run, RecordKind.Run, "has names of <patients>").Hex;

        foreach (string? reader in (string?[])[null, .. readers])
        {
            Assert.Equal(410, StatusOf(site, $"/runs/{run}", reader));
            Assert.Equal(410, StatusOf(site, $"/runs/{run[..10]}", reader));
            Assert.Equal(410, StatusOf(site, $"/api/v1/runs/{run}", reader));
            Assert.Equal(410, StatusOf(site, $"/runs/{run}/record.json", reader));
            Assert.Equal(404, StatusOf(site, $"/replays/{site.Replay.Hex}", reader));
            Assert.Equal(404, StatusOf(site, $"/blobs/{site.Run}", reader));
            Assert.Equal(404, StatusOf(site, $"/v2/prov/manifests/run-{run}", reader));
            Assert.DoesNotContain($"\"{run}", await TextOf(site, "/api/v1/runs", reader));
            Assert.Equal(1, JsonElement.Parse(await TextOf(site, "/api/v1/statistics", reader)).GetProperty("runs").GetInt64());
            string page = await TextOf(site, $"/runs/{run}", reader);
            Assert.Contains("Ada Example took run", page);
            Assert.Contains("has names of &lt;patients&gt;", page);
            Assert.Contains($"/records/{tombstone}", page);
            Assert.Contains("has names of", JsonElement.Parse(await TextOf(site, $"/api/v1/runs/{run}", reader)).GetProperty("detail").GetString());
            Assert.Equal(200, StatusOf(site, $"/records/{tombstone}", reader));
            Assert.Equal(200, StatusOf(site, $"/runs/{site.OtherRun.Hex}", reader));
        }

        Assert.Equal($"/runs/{run}", await site.FollowAsync($"/lookup?q={run[..12]}"));
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], "ada", null);
        Assert.Equal(404, StatusOf(site, $"/runs/{run}", null));
        Assert.Equal(404, StatusOf(site, $"/records/{tombstone}", null));
        Assert.Equal(410, StatusOf(site, $"/runs/{run}", readers[0]));
    }

    [Fact]
    public async Task An_image_that_is_taken_down_can_no_longer_be_pulled()
    {
        await using var site = await TestSite.StartAsync();
        string manifest = site.Image.Manifest.Digest.ToString();
        string layer = site.Image.Record.Layers[0].Blob.Digest.ToString();
        Assert.Equal(200, StatusOf(site, $"/v2/lab/tools/manifests/{manifest}", null));
        Assert.Equal(200, StatusOf(site, $"/v2/lab/tools/blobs/{layer}", null));

        site.TakeDown(site.ImageRecord, RecordKind.Image, "may not be given away");

        Assert.Equal(410, StatusOf(site, $"/images/{manifest}", null));
        Assert.Equal(404, StatusOf(site, $"/v2/lab/tools/manifests/{manifest}", null));
        Assert.Equal(404, StatusOf(site, "/v2/lab/tools/manifests/v1", null));
        Assert.Equal(404, StatusOf(site, $"/v2/lab/tools/blobs/{layer}", null));
        Assert.Equal(404, StatusOf(site, $"/blobs/{layer}", null));
        Assert.Equal(200, StatusOf(site, $"/runs/{site.Run.Hex}", null));
    }

    [Fact]
    public async Task An_embargo_ends_by_itself()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var site = await TestSite.StartAsync(options: options => options with { Time = time });
        new Restrictions(site.Archive.Layout, time).Set([site.Run], "ada", time.GetUtcNow().AddDays(3));
        Assert.Equal(404, StatusOf(site, $"/runs/{site.Run.Hex}", null));
        await TestSite.SettleAsync();
        using var before = await site.SendAsync(Get, "/runs");

        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(404, StatusOf(site, $"/runs/{site.Run.Hex}", null));
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(200, StatusOf(site, $"/runs/{site.Run.Hex}", null));
        using var after = await site.SendAsync(Get, "/runs", ("If-None-Match", before.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Theory]
    [InlineData("Bearer prov_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer ' or 1=1 --")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YTpi")]
    [InlineData("Digest x")]
    [InlineData("Bearer")]
    public async Task A_forged_token_is_refused_and_not_taken_for_nobody(string field)
    {
        await using var site = await TestSite.StartAsync();
        Token(site, "ada", TokenScopes.Admin);

        using var response = await site.SendAsync(Get, "/runs", ("Authorization", field));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task A_token_ends_when_it_expires_and_when_it_is_revoked()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var site = await TestSite.StartAsync(options: options => options with { Time = time });
        var tokens = new TokenStore(site.Archive.Layout, time);
        string expiring = tokens.Create("ada", "a", TokenScopes.Read, isPrivate: false, time.GetUtcNow().AddHours(1));
        string revoked = tokens.Create("ada", "b", TokenScopes.Read, isPrivate: false, null);
        Assert.Equal(200, StatusOf(site, "/runs", expiring));
        Assert.Equal(200, StatusOf(site, "/runs", revoked));

        time.Advance(TimeSpan.FromHours(1));
        Assert.True(tokens.Revoke(2));

        Assert.Equal(401, StatusOf(site, "/runs", expiring));
        Assert.Equal(401, StatusOf(site, "/runs", revoked));
        Assert.DoesNotContain(expiring, await File.ReadAllTextAsync(site.Archive.Layout.ServiceDatabase, System.Text.Encoding.Latin1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_others_than_the_public_read_is_kept_by_no_cache_and_has_a_tag_of_its_own()
    {
        await using var site = await TestSite.StartAsync();
        string token = Token(site, "ada", TokenScopes.Read);

        using var mine = await site.SendAsync(Get, "/runs", ("Authorization", $"Bearer {token}"));
        using var all = await site.SendAsync(Get, "/runs");

        Assert.Equal("no-store, private", string.Join(", ", mine.Headers.CacheControl!.ToString().Split(", ").Order()));
        Assert.Contains("Authorization", all.Headers.Vary);
        Assert.NotEqual(all.Headers.ETag, mine.Headers.ETag);
    }

    [Fact]
    public async Task A_damaged_service_database_shows_nothing_rather_than_everything()
    {
        await using var site = await TestSite.StartAsync();
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], null, null);
        await File.WriteAllTextAsync(site.Archive.Layout.ServiceDatabase, new string('x', 5000), TestContext.Current.CancellationToken);

        Assert.Equal(500, StatusOf(site, $"/runs/{site.Run.Hex}", null));
        Assert.Equal(500, StatusOf(site, "/runs", null));
    }

    [Fact]
    public async Task A_reviewer_reads_the_run_without_names()
    {
        const string User = "jlovelace";
        await using var site = await TestSite.StartAsync(run => run with
        {
            Invocation = run.Invocation with { User = run.Invocation.User with { Name = User, Home = $"/home/{User}" }, WorkingDirectory = $"/home/{User}/fits" },
        });
        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], "ada", null);
        string secret = new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [site.Run], null);
        string host = JsonElement.Parse(await TextOf(site, $"/api/v1/runs/{site.OtherRun.Hex}", null)).ToString();
        Assert.Contains(User, host);

        using var entry = await site.SendAsync(Get, $"/review/{secret}");
        string cookie = entry.Headers.GetValues("Set-Cookie").Single();

        Assert.Equal(HttpStatusCode.SeeOther, entry.StatusCode);
        Assert.Equal($"/runs/{site.Run.Hex}", entry.Headers.Location!.ToString());
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        (string, string) mine = ("Cookie", cookie.Split(';')[0]);
        foreach (string page in (string[])["/", "/runs", $"/runs/{site.Run.Hex}", $"/api/v1/runs/{site.Run.Hex}", $"/lookup?q={site.Run.Hex[..12]}"])
        {
            using var response = await site.SendAsync(Get, page, mine);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode is 200 or 303, page);
            Assert.DoesNotContain(User, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("node01", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(site.OtherRun.Hex[..12], text);
        }

        using var shown = await site.SendAsync(Get, $"/runs/{site.Run.Hex}", mine);
        string html = await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("curl ", html);
        foreach (string link in LinksOf(html))
        {
            using var response = await site.SendAsync(Get, link, mine);
            Assert.True((int)response.StatusCode is 200 or 303, link);
        }

        foreach (string closed in (string[])
            [$"/runs/{site.OtherRun.Hex}", $"/runs/{site.Run.Hex}/record.json", $"/runs/{site.Run.Hex}/record.p7s", $"/runs/{site.Run.Hex}/bundle.prov.tar",
                $"/runs/{site.Run.Hex}/cite.bib", $"/runs/{site.Run.Hex}/ro-crate-metadata.json", "/v2/", "/signers", "/api/v1/signers", "/api/v1/log", "/log/checkpoint", "/feed.atom",
                $"/papers/{TestSite.Paper}", $"/blobs/{site.Run}"])
        {
            using var response = await site.SendAsync(Get, closed, mine);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.NotFound, closed);
            Assert.DoesNotContain(User, text, StringComparison.OrdinalIgnoreCase);
        }

        Assert.True(new ReviewLinks(site.Archive.Layout, TimeProvider.System).Revoke(1));
        using var ended = await site.SendAsync(Get, $"/runs/{site.Run.Hex}", mine);
        Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);
    }

    [Theory]
    [InlineData("/blobs/sha256:{0}/")]
    [InlineData("/BLOBS/sha256:{0}")]
    [InlineData("/blobs/sha256%3A{0}/")]
    [InlineData("//blobs/sha256:{0}")]
    [InlineData("/blobs/sha256:{1}")]
    [InlineData("/blobs/sha256:{1}/")]
    [InlineData("/preview/sha256:{0}.svg/")]
    [InlineData("/preview/sha256:{2}.svg")]
    [InlineData("/preview/sha256:{2}.svg/")]
    [InlineData("/Log/checkpoint")]
    [InlineData("/runs/{0}/bundle.prov.tar")]
    [InlineData("/RUNS/{0}/bundle.prov.tar/")]
    [InlineData("/runs/{0}/record.json/")]
    [InlineData("/records/{0}/record.p7s/")]
    [InlineData("/robots.txt")]
    [InlineData("/runs/no-such-run")]
    [InlineData("/no/such/page")]
    public async Task A_reviewer_gets_what_tells_who_made_it_in_no_spelling_of_its_address(string address)
    {
        const string Title = "Archive of Jane Lovelace";
        await using var site = await TestSite.StartAsync(options: options => options with { Title = Title });
        const string Picture = "<svg xmlns='http://www.w3.org/2000/svg'><text>Ada_Example</text></svg>";
        var kept = site.Archive.Put(Picture);
        var record = site.Archive.Accept(7, run => run with
        {
            Outcome = run.Outcome with
            {
                Stdout = run.Outcome.Stdout! with { Digest = RecordSamples.DigestsOf(Picture), Size = kept.Size, Kept = kept },
            },
        });
        string signature;
        using (var finder = site.Archive.Finder())
        {
            signature = finder.Get(record.Hex).Signature.Hex;
        }

        using var response = await site.SendAsync(Get, string.Format(null, address, record.Hex, signature, kept.Digest.Hex), ReviewerOf(site, record));

        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.DoesNotContain("Ada Example", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Title, text);
        Assert.DoesNotContain("in-toto", text);
        Assert.DoesNotContain("no-such-run", text);
    }

    [Theory]
    [InlineData("host=node01.cluster.example", 404)]
    [InlineData("host=nosuch", 404)]
    [InlineData("text=python3", 404)]
    [InlineData("program=/usr/bin/python3", 404)]
    [InlineData("label=paper", 404)]
    [InlineData("commit=0123456789", 404)]
    [InlineData("peer=10.0.0.1", 404)]
    [InlineData("image=lab/tools:v1", 404)]
    [InlineData("signer={0}", 404)]
    [InlineData("since=Ada", 404)]
    [InlineData("since=2020-01-01&ended=well&limit=10", 200)]
    [InlineData("image={1}", 200)]
    public async Task A_reviewer_cannot_try_whether_a_name_is_right(string query, int status)
    {
        await using var site = await TestSite.StartAsync();
        string asked = string.Format(null, query, SignerOf(site), site.Image.Manifest.Digest.Hex);
        foreach (string list in (string[])["/runs", "/api/v1/runs", "/RUNS/"])
        {
            using var response = await site.SendAsync(Get, $"{list}?{asked}", ReviewerOf(site, site.Run));
            Assert.Equal((list, status), (list, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task A_reviewer_looks_up_digests_and_neither_words_nor_keys()
    {
        await using var site = await TestSite.StartAsync();
        var reviewer = ReviewerOf(site, site.Run);
        foreach (string question in (string[])["Ada", "node01.cluster.example", "/work/results/fit.csv", SignerOf(site), SignerOf(site)[..12], $"http://x/signers/{SignerOf(site)}"])
        {
            foreach (string path in (string[])["/lookup", "/api/v1/lookup"])
            {
                using var response = await site.SendAsync(Get, $"{path}?q={Uri.EscapeDataString(question)}", reviewer);
                Assert.True((int)response.StatusCode == 404, $"{path} {question}");
            }
        }

        Assert.Equal($"/runs/{site.Run.Hex}", await site.FollowAsync($"/lookup?q={site.Run.Hex}", reviewer));
        Assert.Equal("404", await site.FollowAsync("/images/lab/tools:v1", reviewer));
        Assert.Equal("200", await site.FollowAsync($"/images/{site.Image.Manifest.Digest}", reviewer));
    }

    /// <summary>Whatever text of the profile is a name in the record: nothing of the profile is said again, so that none comes back changed.</summary>
    [Theory]
    [InlineData("node01.cluster.example")]
    [InlineData("Ada Example")]
    [InlineData("grace")]
    [InlineData("hopper-lab")]
    public async Task A_reviewer_confirms_no_guess_by_the_profile_of_a_machine(string guess)
    {
        const string Wrong = "nobody-of-that-name";
        await using var site = await TestSite.StartAsync();
        var reviewer = ReviewerOf(site, site.Run);

        foreach (string address in (string[])[$"/api/v1/runs/{site.Run.Hex}/assess", $"/runs/{site.Run.Hex}/check"])
        {
            string right = await AnswerAsync(address, guess);
            Assert.Equal(right, await AnswerAsync(address, Wrong));
            Assert.DoesNotContain(Wrong, right);
            Assert.Contains("not shown by a link for reviewers", right);
            Assert.Contains("CPU-", right);
        }

        async Task<string> AnswerAsync(string address, string text)
        {
            var host = RecordSamples.Host();
            byte[] profile = HostProfileJson.Serialize(host with
            {
                Hostname = text,
                Cpu = host.Cpu with { Brand = text, Vendor = text, Features = [], FeaturesDisabled = ["fma"] },
                OperatingSystem = host.OperatingSystem with { PrettyName = text },
                Kernel = host.Kernel with { Release = text },
            });
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(site.Address + address));
            request.Headers.TryAddWithoutValidation(reviewer.Name, reviewer.Value);
            request.Content = address.EndsWith("/check", StringComparison.Ordinal)
                ? new MultipartFormDataContent("a-boundary") { { new ByteArrayContent(profile), "profile", "host.json" } }
                : new ByteArrayContent(profile) { Headers = { ContentType = new("application/json") } };
            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Who_imported_the_image_and_who_keeps_it_is_told_to_no_reviewer()
    {
        await using var site = await TestSite.StartAsync(run => run with { Image = run.Image with { Reference = "ghcr.io/lovelace-lab/fits:1" } });

        using var response = await site.SendAsync(Get, $"/runs/{site.Run.Hex}", ReviewerOf(site, site.Run));
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("/fits:1", page);
        Assert.DoesNotContain("lovelace", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ghcr.io", page);
    }

    [Fact]
    public async Task Where_an_image_came_from_and_who_took_it_in_is_told_to_all_but_reviewers()
    {
        await using var site = await TestSite.StartAsync();
        string address = $"/images/{site.Image.Manifest.Digest}";
        string[] told = ["docker://registry.hopper.example/tools:v1", "hopper-lab/tools:v1", "grace (1001:1001)"];

        using var open = await site.SendAsync(Get, address);
        string page = await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(told, text => Assert.Contains(text, page));

        using var closed = await site.SendAsync(Get, address, ReviewerOf(site, site.Run));
        page = await closed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("/tools:v1", page);
        Assert.All((string[])["hopper", "grace"], name => Assert.DoesNotContain(name, page, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Every address that is the run's, or of what hangs on it alone.</summary>
    private static IEnumerable<string> AddressesOf(TestSite site)
    {
        string run = site.Run.Hex;
        return
        [
            $"/runs/{run}", $"/api/v1/runs/{run}", $"/runs/{run}/record.json", $"/runs/{run}/record.p7s", $"/runs/{run}/ro-crate-metadata.json",
            $"/runs/{run}/prov.json", $"/runs/{run}/datacite.json", $"/runs/{run}/CITATION.cff", $"/runs/{run}/cite.bib", $"/runs/{run}/linkset.json",
            $"/runs/{run}/bundle.prov.tar", $"/replays/{site.Replay.Hex}", $"/records/{site.Citation.Hex}", $"/blobs/{site.Run}",
            $"/v2/prov/manifests/run-{run}",
        ];
    }

    /// <summary>What a reviewer of one run sends along.</summary>
    private static (string Name, string Value) ReviewerOf(TestSite site, Digest run) =>
        ("Authorization", $"Bearer {new ReviewLinks(site.Archive.Layout, TimeProvider.System).Create("a journal", [run], null)}");

    private static string SignerOf(TestSite site)
    {
        using var finder = site.Archive.Finder();
        return finder.FindRun(site.Run)!.SignerCertificate!.Hex;
    }

    private static string Token(TestSite site, string owner, TokenScopes scopes) =>
        new TokenStore(site.Archive.Layout, TimeProvider.System).Create(owner, "test", scopes, isPrivate: false, null);

    /// <summary>Addresses of this site that a page offers.</summary>
    private static IEnumerable<string> LinksOf(string html) =>
        Regex.Matches(html, "(?:href|src)=\"(/[^\"#]*)").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Distinct();

    private static int StatusOf(TestSite site, string path, string? token)
    {
        using var response = token is null
            ? site.SendAsync(Get, path).GetAwaiter().GetResult()
            : site.SendAsync(Get, path, ("Authorization", $"Bearer {token}")).GetAwaiter().GetResult();
        return (int)response.StatusCode;
    }

    private static async Task<string> TextOf(TestSite site, string path, string? token)
    {
        using var response = token is null ? await site.SendAsync(Get, path) : await site.SendAsync(Get, path, ("Authorization", $"Bearer {token}"));
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
