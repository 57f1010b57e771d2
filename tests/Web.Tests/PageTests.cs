using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What readers get, over real HTTP.</summary>
public sealed partial class PageTests
{
    [Fact]
    public async Task Every_page_is_there_says_what_it_is_and_fetches_nothing_from_elsewhere()
    {
        await using var site = await TestSite.StartAsync();
        string file = SampleArchive.DigestOf("result 1").Hex;
        string[] pages =
        [
            "/", "/runs", "/runs?text=python&ended=well", "/images", "/papers", "/signers", "/log", "/stats", "/help/hash", "/help/verify",
            $"/runs/{site.Run.Hex}", $"/runs/{site.Run.Hex}/diff/{site.OtherRun.Hex}", $"/replays/{site.Replay.Hex}", $"/images/{site.Image.Manifest.Digest}",
            $"/papers/{TestSite.Paper}", $"/files/sha256:{file}", $"/records/{site.Citation.Hex}", "/lookup?q=python3",
        ];
        foreach (string path in pages)
        {
            using var response = await site.SendAsync(HttpMethod.Get, path);
            string html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            Assert.Matches("<title>[^<]+</title>", html);
            Assert.Contains("<main id=\"main\"", html);
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
            Assert.All(Fetched().Matches(html), match => Assert.StartsWith("/", match.Groups[1].Value));
        }
    }

    [Fact]
    public async Task A_run_tells_what_ran_what_came_of_it_and_whether_it_can_be_relied_on()
    {
        await using var site = await TestSite.StartAsync();

        string html = await site.GetAsync($"/runs/{site.Run.Hex}");

        Assert.Contains("Everything that was checked holds.", html);
        foreach (string fact in new[] { "signature", "identity", "time", "trust", "endorsed", "log", "bytes" })
        {
            Assert.Contains($"{fact}<small>", html);
        }

        Assert.Contains("/work/results/fit.csv", html);
        Assert.Contains("result 1", html);
        Assert.Contains("Sines, fitted", html);
        Assert.Contains("Ada Example", html);
        Assert.Contains($"curl -so run.prov.tar {site.Address}/runs/{site.Run.Hex}/bundle.prov.tar", html);
    }

    [Fact]
    public async Task A_replay_that_nobody_who_is_trusted_has_signed_reproduces_nothing()
    {
        await using var site = await TestSite.StartAsync();
        using (var stranger = new SampleArchive())
        {
            byte[] theirs = Reproduced(site.OtherRun);
            byte[] ours = Reproduced(site.Run);
            site.Archive.Intake().Accept(RecordKind.Replay, theirs, stranger.Sign(theirs));
            site.Archive.Intake().Accept(RecordKind.Replay, ours, site.Archive.Sign(ours));
        }

        Assert.Contains("reproduced 1×", await site.GetAsync($"/badge/run/{site.Run.Hex}.svg"));
        Assert.Contains("reproduced by 1 of 2 replays", await site.GetAsync($"/runs/{site.Run.Hex}"));
        Assert.Contains("1 of 1 runs reproduced", await site.GetAsync($"/badge/paper/{TestSite.Paper}.svg"));
        Assert.Contains("recorded", await site.GetAsync($"/badge/run/{site.OtherRun.Hex}.svg"));
        Assert.Contains("reproduced by 0 of 1 replays", await site.GetAsync($"/runs/{site.OtherRun.Hex}"));

        static byte[] Reproduced(Digest run)
        {
            var sample = RecordSamples.Replay();
            return RecordJson.Serialize(sample with { Predicate = sample.Predicate with { Run = run, Verdict = ReplayVerdict.Reproduced, Forced = [] } });
        }
    }

    [Fact]
    public async Task A_table_that_a_run_made_is_shown_on_the_page_of_the_file_and_runs_are_counted_once()
    {
        await using var site = await TestSite.StartAsync();

        string html = await site.GetAsync($"/files/sha256:{SampleArchive.DigestOf("result 1").Hex}");

        Assert.Contains("First rows of fit.csv", html);
        Assert.Contains("1 run made exactly these bytes, none used them.", html);
    }

    [Fact]
    public async Task Of_many_files_of_the_same_bytes_no_count_is_told_for_the_whole()
    {
        await using var site = await TestSite.StartAsync();
        for (int number = 10; number < 110; number++)
        {
            site.Archive.Accept(number);
        }

        Assert.Contains(
            "None of the newest runs with these bytes made them, 100 runs or more used them.",
            await site.GetAsync($"/files/sha256:{SampleArchive.DigestOf("data").Hex}"));
    }

    [Fact]
    public async Task What_was_not_compared_is_not_called_the_same()
    {
        await using var site = await TestSite.StartAsync();

        string html = await site.GetAsync($"/runs/{site.Run.Hex}/diff/{site.OtherRun.Hex}");

        Assert.Contains("The same in both:", html);
        Assert.DoesNotContain("packages", html);
    }

    [Fact]
    public async Task A_control_character_in_a_command_is_no_trouble_for_the_drawing()
    {
        await using var site = await TestSite.StartAsync();
        var maker = site.Archive.Accept(20, run => run with { Invocation = run.Invocation with { Argv = ["echo", "a\u001b[1mb"] } });
        var file = new UsedFile
        {
            Path = "/work/fit.csv",
            Kind = FileKind.File,
            Mode = "0644",
            Size = 9,
            Digest = RecordSamples.DigestsOf("result 20"),
            Kept = false,
            Use = FileUse.Read,
        };
        var list = new FileList { Count = 1, TotalBytes = 9, Blob = site.Archive.Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize([file])) };
        site.Archive.Accept(21, run => run with { Used = list });

        string html = await site.GetAsync($"/runs/{maker.Hex}");

        Assert.Contains("Drawing of the lineage", html);
    }

    [Fact]
    public async Task A_record_whose_bytes_were_changed_is_shown_as_what_it_is()
    {
        await using var site = await TestSite.StartAsync();
        string blob = site.Archive.Layout.BlobPath(SampleArchive.DigestOf("result 1"));
        await File.WriteAllTextAsync(blob, "result 9", TestContext.Current.CancellationToken);

        string html = await site.GetAsync($"/runs/{site.Run.Hex}");

        Assert.Contains("Something does not match: do not rely on this record.", html);
        Assert.DoesNotContain("Everything that was checked holds.", html);
    }

    [Fact]
    public async Task Who_signed_is_judged_without_reading_bytes_and_the_run_with_them()
    {
        await using var site = await TestSite.StartAsync();
        string run = await site.GetAsync($"/runs/{site.Run.Hex}");
        string signer = Regex.Match(run, "certificate sha256:([0-9a-f]{64})").Groups[1].Value;
        site.Archive.Accept(7);

        Assert.Contains("a key of this archive", await site.GetAsync($"/signers/{signer}"));
        Assert.DoesNotContain("not read this time", await site.GetAsync($"/runs/{site.Run.Hex}"));
    }

    [Fact]
    public async Task What_a_reader_holds_leads_to_its_page()
    {
        await using var site = await TestSite.StartAsync();
        string result = SampleArchive.DigestOf("result 1").Hex;

        Assert.Equal($"/papers/{TestSite.Paper}", await site.FollowAsync("/lookup?q=https%3A%2F%2Fdoi.org%2F10.1234%2FEXAMPLE.2026.7"));
        Assert.Equal($"/runs/{site.Run.Hex}", await site.FollowAsync($"/lookup?q={site.Run.Hex}"));
        Assert.Equal($"/files/sha256:{result}", await site.FollowAsync($"/lookup?q=sha256:{result}"));
        Assert.Equal($"/images/{site.Image.Manifest.Digest}", await site.FollowAsync($"/lookup?q={site.Image.Manifest.Digest}"));
        Assert.Equal($"/runs/{site.Run.Hex}", await site.FollowAsync($"/runs/{site.Run.Hex[..16]}"));
        Assert.Equal($"/images/{site.Image.Manifest.Digest}", await site.FollowAsync("/images/lab%2Ftools:v1"));
        Assert.Equal("404", await site.FollowAsync("/lookup?q=10.9999/nobody"));
        Assert.Equal("200", await site.FollowAsync("/lookup?q=fit.csv"));
    }

    [Fact]
    public async Task A_paper_says_which_run_made_each_figure()
    {
        await using var site = await TestSite.StartAsync();

        string html = await site.GetAsync($"/papers/{TestSite.Paper}");

        Assert.Contains("Sines, fitted", html);
        Assert.Contains("Fig. 3", html);
        Assert.Contains($"/runs/{site.Run.Hex}", html);
        Assert.DoesNotContain(site.OtherRun.Hex, html);
    }

    [Fact]
    public async Task Runs_are_chosen_by_conditions_and_paged()
    {
        await using var site = await TestSite.StartAsync();

        var first = JsonElement.Parse(await site.GetAsync("/api/v1/runs?limit=1"));
        var second = JsonElement.Parse(await site.GetAsync(first.GetProperty("next").GetString()!));

        Assert.Equal(site.OtherRun.Hex, first.GetProperty("runs")[0].GetProperty("id").GetString());
        Assert.Equal(site.Run.Hex, second.GetProperty("runs")[0].GetProperty("id").GetString());
        Assert.DoesNotContain(site.Run.Hex, await site.GetAsync("/runs?text=nothing-like-it"));
        Assert.Contains(site.Run.Hex, await site.GetAsync("/runs?image=lab%2Ftools:v1&host="));
        Assert.Contains("text: 3 letters at least", await site.GetAsync("/runs?text=py"));
        foreach (string limit in (string[])["0", "201", "x", "-1", "99999999999"])
        {
            Assert.Contains("limit: expected 1 to 200", await site.GetAsync($"/runs?limit={limit}"));
        }

        Assert.Equal("400", await site.FollowAsync("/api/v1/runs?since=yesterday"));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is()
    {
        await using var site = await TestSite.StartAsync();
        string path = "/runs";
        // What was acknowledged and not yet in the log is put there by the first who looks.
        await site.GetAsync(path);
        await TestSite.SettleAsync();
        using var first = await site.SendAsync(HttpMethod.Get, path);
        string tag = first.Headers.ETag!.ToString();
        using var again = await site.SendAsync(HttpMethod.Get, path, ("If-None-Match", tag));
        var later = site.Archive.Accept(3);
        using var changed = await site.SendAsync(HttpMethod.Get, path, ("If-None-Match", tag));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Contains(later.Hex, await changed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Head_is_get_without_a_body()
    {
        await using var site = await TestSite.StartAsync();
        string result = SampleArchive.DigestOf("result 1").ToString();
        foreach (string path in new[] { "/", $"/runs/{site.Run.Hex}", $"/blobs/{result}", "/api/v1/log", "/log/checkpoint" })
        {
            using var response = await site.SendAsync(HttpMethod.Head, path);

            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Every text that a record or a file of it can hold comes from somebody who may mean harm.</summary>
    [Fact]
    public async Task Nothing_in_a_record_becomes_part_of_a_page()
    {
        const string Evil = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
        await using var site = await TestSite.StartAsync(run => run with
        {
            Invocation = run.Invocation with { Argv = [Evil, Evil], WorkingDirectory = "/" + Evil },
            Image = run.Image with { Reference = Evil },
            Environment = [new EnvironmentVariable { Name = "X" + Evil, Value = Evil }],
            Labels = [new Label { Name = Evil, Value = Evil }],
            Hosts = [run.Hosts[0] with { Hostname = Evil, Cpu = run.Hosts[0].Cpu with { Brand = Evil, Microarchitecture = Evil } }],
            Hazards = [new Hazard { Id = Evil, Message = Evil, Evidence = [Evil], Remedy = Evil }],
            Mounts = [.. run.Mounts.Select(mount => mount with { Destination = "/" + Evil })],
            Generated = run.Generated,
        });
        string[] pages =
        [
            "/", "/runs", "/stats", $"/runs/{site.Run.Hex}", $"/runs/{site.Run.Hex}/diff/{site.OtherRun.Hex}", $"/replays/{site.Replay.Hex}",
            $"/papers/{TestSite.Paper}", $"/files/sha256:{SampleArchive.DigestOf("result 1").Hex}", "/runs?host=" + Uri.EscapeDataString(Evil),
            "/lookup?q=" + Uri.EscapeDataString("alert(1)"),
        ];
        foreach (string path in pages)
        {
            string html = await site.GetAsync(path);

            Assert.DoesNotContain("<script>alert", html);
            Assert.DoesNotContain("<img src=x", html);
            Assert.DoesNotContain("onerror=alert(2)>", html.Replace("&gt;", "", StringComparison.Ordinal));
        }

        foreach (string name in new[] { "CITATION.cff", "cite.bib", "datacite.json", "run.json", "linkset.json" })
        {
            Assert.NotEmpty(await site.GetAsync($"/runs/{site.Run.Hex}/{name}"));
        }

        using var lookup = await site.SendAsync(HttpMethod.Get, "/lookup?q=" + Uri.EscapeDataString("nothing like it " + Evil));
        Assert.DoesNotContain("<script>alert", await lookup.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/log/../keys/log/key.pem")]
    [InlineData("/log/%2e%2e/keys/signing.pem")]
    [InlineData("/log/..%2fkeys%2fsigning.pem")]
    [InlineData("/log//etc/passwd")]
    [InlineData("/log/tile/../../config.toml")]
    [InlineData("/blobs/..%2f..%2fcatalog.db")]
    [InlineData("/blobs/sha256:..%2f..%2fcatalog.db")]
    [InlineData("/preview/..%2f..%2fcatalog.db.svg")]
    [InlineData("/assets/..%2fsite.css")]
    [InlineData("/keys/")]
    [InlineData("/catalog.db")]
    [InlineData("/index.json")]
    public async Task Nothing_beside_what_is_meant_is_served(string path)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.SendAsync(HttpMethod.Get, path);

        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{path}: {response.StatusCode}");
    }

    [Fact]
    public async Task Private_keys_cannot_be_had_through_any_address_of_their_names()
    {
        await using var site = await TestSite.StartAsync();
        foreach (string file in Directory.EnumerateFiles(site.Archive.Layout.Keys, "*", SearchOption.AllDirectories))
        {
            byte[] content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            string relative = Path.GetRelativePath(site.Archive.Layout.Root, file);
            foreach (string path in new[] { $"/{relative}", $"/log/../{relative}", $"/blobs/{Digest.Of(content)}", $"/v2/image/blobs/{Digest.Of(content)}" })
            {
                using var response = await site.SendAsync(HttpMethod.Get, path);
                Assert.Equal((path, HttpStatusCode.NotFound), (path, response.StatusCode));
            }
        }
    }

    [Theory]
    [InlineData(null, 200, "result 1")]
    [InlineData("bytes=0-5", 206, "result")]
    [InlineData("bytes=7-", 206, "1")]
    [InlineData("bytes=-1", 206, "1")]
    [InlineData("bytes=-100", 206, "result 1")]
    [InlineData("bytes=2-100", 206, "sult 1")]
    [InlineData("bytes=8-", 416, "")]
    [InlineData("bytes=5-3", 416, "")]
    [InlineData("bytes=500-0", 416, "")]
    [InlineData("bytes=-0", 416, "")]
    [InlineData("bytes=0-0,2-3", 200, "result 1")]
    [InlineData("bytes=x-y", 200, "result 1")]
    [InlineData("lines=0-1", 200, "result 1")]
    public async Task Parts_of_blobs_are_served_as_the_standard_says(string? range, int status, string expected)
    {
        await using var site = await TestSite.StartAsync();
        var digest = SampleArchive.DigestOf("result 1");

        using var response = await site.SendAsync(HttpMethod.Get, $"/blobs/{digest}", range is null ? [] : [("Range", range)]);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "200")]
    [InlineData("*/*", "200")]
    [InlineData("application/json", "run.json")]
    [InlineData("application/ld+json", "ro-crate-metadata.json")]
    [InlineData("application/vnd.in-toto+json", "record.json")]
    [InlineData("application/x-bibtex, text/html;q=0.5", "cite.bib")]
    [InlineData("application/vnd.datacite.datacite+json", "datacite.json")]
    [InlineData("image/png", "200")]
    [InlineData("not a type;;", "200")]
    public async Task A_run_is_had_in_the_form_that_is_asked_for(string accept, string expected)
    {
        await using var site = await TestSite.StartAsync();

        string answer = await site.FollowAsync($"/runs/{site.Run.Hex}", ("Accept", accept));

        Assert.Equal(expected == "200" ? expected : $"/runs/{site.Run.Hex}/{expected}", answer);
    }

    [Fact]
    public async Task The_record_is_served_byte_for_byte_with_its_signature()
    {
        await using var site = await TestSite.StartAsync();

        byte[] record = await site.Client.GetByteArrayAsync(new Uri($"/runs/{site.Run.Hex}/record.json", UriKind.Relative), TestContext.Current.CancellationToken);
        using var page = await site.SendAsync(HttpMethod.Get, $"/runs/{site.Run.Hex}");
        string links = string.Join(", ", page.Headers.GetValues("Link"));

        Assert.Equal(site.Run, Digest.Of(record));
        Assert.Contains($"<{site.Address}/runs/{site.Run.Hex}>; rel=\"cite-as\"", links);
        Assert.Single(CiteAs().Matches(links));
        Assert.Contains("rel=\"linkset\"; type=\"application/linkset+json\"", links);
        foreach (Match link in Links().Matches(links).Where(match => match.Groups[1].Value.StartsWith(site.Address, StringComparison.Ordinal)))
        {
            using var target = await site.SendAsync(HttpMethod.Get, link.Groups[1].Value[site.Address.Length..]);
            Assert.Equal((link.Value, HttpStatusCode.OK), (link.Value, target.StatusCode));
        }
    }

    [Fact]
    public async Task A_machine_is_judged_by_its_profile()
    {
        await using var site = await TestSite.StartAsync();
        var host = RecordSamples.Host();
        // What the sample's library asks for.
        byte[] same = HostProfileJson.Serialize(host with { Cpu = host.Cpu with { Features = [.. host.Cpu.Features.Append("fma").Order(StringComparer.Ordinal)] } });
        byte[] other = HostProfileJson.Serialize(host with { Cpu = host.Cpu with { Architecture = "arm64", Level = null, Features = [] } });

        var good = await AssessAsync(site, same);
        Assert.False(good.GetProperty("verdict").GetString() == "refuse", good.ToString());
        var refused = await AssessAsync(site, other);
        Assert.Equal("refuse", refused.GetProperty("verdict").GetString());
        Assert.Equal("no", refused.GetProperty("runs").GetString());

        using var form = new MultipartFormDataContent { { new ByteArrayContent(other), "profile", "host.json" } };
        using var page = await site.Client.PostAsync(new Uri($"/runs/{site.Run.Hex}/check", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Contains("It cannot be repeated there", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var nonsense = await PostAsync(site, "{}"u8.ToArray());
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
        Assert.Equal("application/problem+json", nonsense.Content.Headers.ContentType!.MediaType);
        using var large = await PostAsync(site, new byte[HostProfileJson.MaxBytes + 1]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/api/v1/lookup", 400)]
    public async Task What_the_api_refuses_is_told_to_programs(string method, string path, int status)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_to_wait_and_others_are_not()
    {
        await using var site = await TestSite.StartAsync(options: options => options with { RequestsPerSecond = 1 });
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < 12; i++)
        {
            using var response = await site.SendAsync(HttpMethod.Get, "/healthz");
            statuses.Add(response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        using var other = await site.SendAsync(HttpMethod.Get, "/healthz", ("X-Forwarded-For", "192.0.2.7"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Requests_without_measure_are_refused()
    {
        await using var site = await TestSite.StartAsync();

        using var header = await site.SendAsync(HttpMethod.Get, "/", ("X-Long", new string('a', 64 << 10)));
        using var line = await site.SendAsync(HttpMethod.Get, "/lookup?q=" + new string('a', 64 << 10));
        using var large = new HttpRequestMessage(HttpMethod.Post, new Uri($"/runs/{site.Run.Hex}/check", UriKind.Relative))
        {
            Content = new ByteArrayContent(new byte[9 << 20]) { Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") } },
            Headers = { ExpectContinue = true },
        };
        using var posted = await site.Client.SendAsync(large, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, header.StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, line.StatusCode);
        Assert.True(posted.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge, posted.StatusCode.ToString());
    }

    [Fact]
    public async Task The_log_can_be_followed_and_what_is_damaged_is_no_secret_told()
    {
        await using var site = await TestSite.StartAsync();
        await site.GetAsync("/");
        string checkpoint = await site.GetAsync("/log/checkpoint");
        string tile = "/log/tile/0/000.p/5";

        Assert.Equal("5", checkpoint.Split('\n')[1]);
        Assert.Equal(5 * 32, (await site.Client.GetByteArrayAsync(new Uri(tile, UriKind.Relative), TestContext.Current.CancellationToken)).Length);

        var rotation = new TransparencyLog(site.Archive.Layout, SampleArchive.Sync).RotateKey(encrypted: false);
        Assert.Equal(Encoding.UTF8.GetString(rotation.ToBytes()), await site.GetAsync($"/log/rotations/{rotation.Old.Id:x8}"));

        File.Delete(site.Archive.Layout.BlobPath(site.Run));
        using var broken = await site.SendAsync(HttpMethod.Get, $"/runs/{site.Run.Hex}");
        string page = await broken.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.DoesNotContain(site.Archive.Layout.Root, page);
    }

    [Fact]
    public async Task A_partial_tile_of_an_older_checkpoint_is_served_until_the_full_one_is_there()
    {
        await using var site = await TestSite.StartAsync();
        await site.GetAsync("/");

        foreach (string kind in new[] { "0", "entries" })
        {
            Assert.False(File.Exists(Path.Combine(site.Archive.Layout.Log, $"tile/{kind}/000.p/3")));
            byte[] newest = await Bytes($"/log/tile/{kind}/000.p/5");
            byte[] older = await Bytes($"/log/tile/{kind}/000.p/3");
            Assert.Equal(newest[..older.Length], older);
            Assert.True(kind == "0" ? older.Length == 3 * 32 : EntryBundle.LengthOf(older, 3) == older.Length);
            Assert.Equal("404", await site.FollowAsync($"/log/tile/{kind}/000.p/6"));
            Assert.Equal("404", await site.FollowAsync($"/log/tile/{kind}/000.p/0"));
            Assert.Equal("404", await site.FollowAsync($"/log/tile/{kind}/001.p/3"));

            // The full one is there, and no partial one.
            File.Move(Path.Combine(site.Archive.Layout.Log, $"tile/{kind}/000.p/5"), Path.Combine(site.Archive.Layout.Log, $"tile/{kind}/000"));
            Assert.Equal(older, await Bytes($"/log/tile/{kind}/000.p/3"));
        }

        Task<byte[]> Bytes(string path) => site.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_cosigned_checkpoint_is_asked_for_anew_since_more_witnesses_may_sign_it()
    {
        await using var site = await TestSite.StartAsync();
        await site.GetAsync("/");
        Directory.CreateDirectory(Path.Combine(site.Archive.Layout.Log, "cosigned"));
        File.Copy(site.Archive.Layout.Checkpoint, Path.Combine(site.Archive.Layout.Log, "cosigned/5"));

        using var cosigned = await site.SendAsync(HttpMethod.Get, "/log/cosigned/5");
        using var tile = await site.SendAsync(HttpMethod.Get, "/log/tile/0/000.p/5");

        Assert.Equal("no-cache", cosigned.Headers.CacheControl!.ToString());
        Assert.Contains("immutable", tile.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_read_while_somebody_records()
    {
        await using var site = await TestSite.StartAsync();
        var readers = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i = 0; i < 25; i++)
            {
                await site.GetAsync(i % 2 == 0 ? "/runs" : $"/runs/{site.Run.Hex}");
            }
        }).ToList();
        for (int number = 10; number < 30; number++)
        {
            site.Archive.Accept(number);
        }

        await Task.WhenAll(readers);
        var runs = JsonElement.Parse(await site.GetAsync("/api/v1/runs?limit=100")).GetProperty("runs");
        Assert.Equal(22, runs.GetArrayLength());
    }

    private static async Task<JsonElement> AssessAsync(TestSite site, byte[] profile)
    {
        using var response = await PostAsync(site, profile);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestSite site, byte[] profile)
    {
        using var content = new ByteArrayContent(profile) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await site.Client.PostAsync(new Uri($"/api/v1/runs/{site.Run.Hex}/assess", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("""(?:src|<link rel="stylesheet" href|action)="([^"]+)""")]
    private static partial Regex Fetched();

    [GeneratedRegex("rel=\"cite-as\"")]
    private static partial Regex CiteAs();

    [GeneratedRegex("<([^>]+)>")]
    private static partial Regex Links();
}
