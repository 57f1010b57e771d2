using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>Clients that mean harm: what they get, and what others get meanwhile.</summary>
public sealed partial class HostileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Half of them never finish their headers, the others never their body.</summary>
    [Fact]
    public async Task Who_sends_a_byte_now_and_then_is_let_go_and_others_are_served_meanwhile()
    {
        await using var site = await TestSite.StartAsync();
        var slow = new List<RawConnection>();
        for (int i = 0; i < 40; i++)
        {
            var connection = await RawConnection.OpenAsync(site.Address);
            slow.Add(connection);
            await connection.SendAsync(i % 2 == 0
                ? "GET / HTTP/1.1\r\nHost: x\r\nX-A: "
                : $"POST /api/v1/runs/{site.Run.Hex}/assess HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[");
        }

        var ended = Task.WhenAll(slow.Select(async connection => await connection.ReadAsync(Patience)));
        var clock = Stopwatch.StartNew();
        var worst = TimeSpan.Zero;
        while (!ended.IsCompleted)
        {
            long begun = Stopwatch.GetTimestamp();
            await site.GetAsync("/runs");
            worst = Stopwatch.GetElapsedTime(begun) > worst ? Stopwatch.GetElapsedTime(begun) : worst;
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.All(await ended, end => Assert.True(end.Closed, $"still open after {clock.Elapsed}"));
        Assert.True(worst < TimeSpan.FromSeconds(3), $"another reader waited for {worst}");
        slow.ForEach(connection => connection.Dispose());
    }

    [Theory]
    [InlineData("two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400")]
    [InlineData("a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello", "400")]
    [InlineData("a length that is none", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello", "400")]
    [InlineData("a space before the colon", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello", "400")]
    [InlineData("a folded line", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n", "400")]
    [InlineData("an encoding nobody knows", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("chunked, and not last", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "400")]
    [InlineData("a NUL in a header", "GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n", "400")]
    [InlineData("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("a host that is none", "GET / HTTP/1.1\r\nHost: a\"><script>\r\n\r\n", "400")]
    [InlineData("a host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", "400")]
    [InlineData("another protocol", "GET / HTTP/4.0\r\nHost: x\r\n\r\n", "505")]
    [InlineData("no request", "\u0016\u0003\u0001\u0002\r\n\r\n", "400")]
    public async Task A_request_that_two_readers_would_read_in_two_ways_is_refused(string what, string sent, string status)
    {
        await using var site = await TestSite.StartAsync();

        string answer = await RawConnection.ExchangeAsync(site.Address, sent);

        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{what}: {answer.Split('\r')[0]}");
    }

    /// <remarks>RFC 9112 §6.1: chunked counts, and the connection ends, or it is refused. In no case is the rest a second request.</remarks>
    [Fact]
    public async Task What_follows_a_body_with_two_lengths_is_no_request()
    {
        await using var site = await TestSite.StartAsync();

        string answer = await RawConnection.ExchangeAsync(
            site.Address,
            $"POST /api/v1/runs/{site.Run.Hex}/assess HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Single(StatusLine().Matches(answer));
    }

    [Fact]
    public async Task Headers_without_number_are_refused()
    {
        await using var site = await TestSite.StartAsync();
        string many = string.Concat(Enumerable.Range(0, 5000).Select(i => $"X-{i}: a\r\n"));

        string answer = await RawConnection.ExchangeAsync(site.Address, $"GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", answer);
    }

    /// <summary>Bodies are taken as they come: what would be a hundred times as large unpacked is not unpacked.</summary>
    [Fact]
    public async Task A_compressed_body_is_not_unpacked()
    {
        await using var site = await TestSite.StartAsync();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 512; i++)
            {
                gzip.Write(zeros);
            }
        }

        long before = GC.GetTotalAllocatedBytes();
        using var content = new ByteArrayContent(packed.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } },
        };
        using var response = await site.Client.PostAsync(
            new Uri($"/api/v1/runs/{site.Run.Hex}/assess", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256 << 20);
    }

    [Fact]
    public async Task No_path_leads_out_of_the_archive_or_into_what_is_private()
    {
        await using var site = await TestSite.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(site.Archive.Layout.Root, "canary"), "the canary sings", TestContext.Current.CancellationToken);
        string[] routes =
        [
            "/runs/{0}", "/runs/{0}/diff/{0}", "/runs/ID/{0}", "/runs/ID/blobs/sha256/{0}", "/replays/{0}", "/images/{0}", "/images/record/{0}", "/records/{0}",
            "/records/{0}/record.json", "/papers/{0}", "/files/{0}", "/signers/{0}", "/log/{0}", "/log/tile/{0}", "/log/tile/0/{0}", "/log/tile/entries/{0}", "/blobs/{0}",
            "/preview/{0}", "/badge/run/{0}.svg", "/badge/paper/{0}.svg", "/assets/{0}", "/openapi/{0}.json", "/v2/{0}/manifests/latest", "/v2/lab/tools/manifests/{0}",
            "/v2/lab/tools/blobs/{0}", "/v2/lab/tools/referrers/{0}", "/api/v1/runs/{0}", "/api/v1/files/{0}", "/api/v1/images/{0}", "/api/v1/papers/{0}", "/lookup?q={0}",
            "/feed.atom?paper={0}", "/feed.atom?image={0}", "/runs?after={0}", "/{0}",
        ];
        string[] ways =
        [
            "../canary", "..%2fcanary", "%2e%2e/canary", "%2e%2e%2fcanary", "..%252fcanary", "%252e%252e%252fcanary", "..%5ccanary", "....//canary", "..%c0%afcanary",
            "../../../../../../../../etc/passwd", "..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "sha256:../canary", "sha256:..%2f..%2fcanary",
            "canary%00.svg", "%00", "%0d%0aX-Injected:%20yes", new string('a', 3000),
        ];
        foreach (string route in routes)
        {
            foreach (string way in ways)
            {
                string path = string.Format(System.Globalization.CultureInfo.InvariantCulture, route, way).Replace("ID", site.Run.Hex, StringComparison.Ordinal);
                string answer = await RawConnection.ExchangeAsync(site.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

                Assert.True(StatusLine().IsMatch(answer), $"{path}: no answer");
                Assert.False(answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal), $"{path}: {answer.Split('\r')[0]}");
                Assert.DoesNotContain("the canary sings", answer);
                Assert.DoesNotContain("root:x:0", answer);
                Assert.DoesNotMatch("(?m)^X-Injected", answer);
            }
        }
    }

    [Fact]
    public async Task Guessing_ids_ends_in_waiting()
    {
        await using var site = await TestSite.StartAsync(options: options => options with { RequestsPerSecond = 5 });
        var statuses = new List<HttpStatusCode>();
        for (int i = 0; i < 200; i++)
        {
            string guess = Digest.Of(BitConverter.GetBytes(i)).Hex;
            using var response = await site.SendAsync(HttpMethod.Get, i % 2 == 0 ? $"/runs/{guess}" : $"/blobs/sha256:{guess}");
            statuses.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.NotNull(response.Headers.RetryAfter);
            }
        }

        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests, status.ToString()));
        Assert.True(statuses.Count(status => status == HttpStatusCode.TooManyRequests) > 100, "most guesses should have had to wait");
    }

    [Fact]
    public async Task One_client_cannot_hold_all_connections()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "this machine has no address but its loopback");
        await using var site = await TestSite.StartAsync(options: options => options with { Urls = [$"http://{own}:0"] });
        var held = new List<RawConnection>();
        int refused = 0;
        for (int i = 0; i < 130; i++)
        {
            try
            {
                held.Add(await RawConnection.OpenAsync(site.Address, own));
            }
            catch (SocketException)
            {
                refused++;
            }
        }

        var ends = await Task.WhenAll(held.Select(async connection => await connection.ReadAsync(TimeSpan.FromSeconds(3))));

        Assert.Equal(30, refused + ends.Count(end => end.Closed));
        held.ForEach(connection => connection.Dispose());
        await WaitForAsync(site);
    }

    [Fact]
    public async Task What_a_client_says_of_the_host_is_not_repeated_where_the_site_has_a_name()
    {
        await using var site = await TestSite.StartAsync(options: options => options with { PublicUrl = "https://prov.example.org" });
        string run = $"/runs/{site.Run.Hex}";
        foreach (string path in new[] { "/", run, $"{run}/linkset.json", $"{run}/datacite.json", "/feed.atom", "/sitemap.xml", "/robots.txt", "/log", "/v2/", "/openapi/v1.json" })
        {
            using var response = await site.SendAsync(HttpMethod.Get, path, ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"));

            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            Assert.DoesNotContain("evil.example", response.Headers.ToString());
            Assert.DoesNotContain("evil.example", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>A real browser reads what a record of nothing but harm became.</summary>
    [Theory]
    [InlineData("\"'></textarea></title></script><script>window.harm=1</script><img src=x onerror=window.harm=1>")]
    [InlineData("\" onmouseover=window.harm=1 autofocus onfocus=window.harm=1 x=\"")]
    [InlineData("javascript:window.harm=1")]
    public async Task Nothing_of_a_record_runs_in_a_browser(string harm)
    {
        Assert.SkipUnless(File.Exists(Chromium.Program), "chromium is not installed");
        await using var site = await TestSite.StartAsync();
        int places = 0;
        var evil = site.Archive.Accept(5, run =>
        {
            (run, places) = Poison.Of(run, harm);
            return run with { Generated = Listed(site, harm) };
        });
        Assert.InRange(places, 20, 1000);
        await using var browser = await Chromium.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        string file = SampleArchive.DigestOf("evil").Hex;
        foreach (string path in new[]
        {
            "/", "/runs", "/stats", "/images", $"/runs/{evil.Hex}", $"/runs/{evil.Hex}/diff/{site.Run.Hex}", $"/files/sha256:{file}",
            $"/lookup?q={Uri.EscapeDataString(harm)}", $"/runs?host={Uri.EscapeDataString(harm)}", $"/runs?image={Uri.EscapeDataString(harm)}",
        })
        {
            await page.GotoAsync(path);
            await page.EvaluateAsync("document.querySelectorAll('a, input, summary, td, p').forEach(e => e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))");

            Assert.True(await page.EvaluateAsync<bool>("window.harm === undefined"), $"{path}: it ran");
            string found = await page.EvaluateAsync<string>("""
                [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /^(href|src|action)$/.test(a.name) && /^javascript:/i.test(a.value))
                  || e.tagName === 'SCRIPT' && !(e.getAttribute('src') ?? '').startsWith('/assets/') && e.type !== 'application/ld+json'
                  || e.tagName === 'IMG' && !(e.getAttribute('src') ?? '').startsWith('/')).map(e => e.outerHTML.slice(0, 200)).join('\n')
                """);
            Assert.True(found.Length == 0, $"{path}: {found}");
        }

        Assert.DoesNotContain(browser.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase));
    }

    private static FileList Listed(TestSite site, string harm)
    {
        var content = site.Archive.Put("evil");
        byte[] lines = RecordLines.Serialize(
        [
            new GeneratedFile
            {
                Path = $"/work/{harm.Replace("/", "", StringComparison.Ordinal)}",
                Kind = FileKind.File,
                Change = FileChange.Created,
                Mode = "0644",
                Size = content.Size,
                Digest = RecordSamples.DigestsOf("evil"),
                Kept = true,
            },
        ]);
        return new FileList { Count = 1, TotalBytes = content.Size, Blob = site.Archive.Blobs.Put(MediaTypes.JsonLines, lines) };
    }

    private static async Task WaitForAsync(TestSite site)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                await site.GetAsync("/healthz");
                return;
            }
            catch (HttpRequestException) when (i < 20)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    [GeneratedRegex(@"HTTP/1\.1 [0-9]{3}")]
    private static partial Regex StatusLine();
}
