using System.Net.Http.Headers;
using System.Text;
using CsCheck;
using Provenance.Archive.Access;
using Provenance.Archive.Records;
using Provenance.Archive.Tests;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>Requests that are nearly right: each gets a page, or is refused in words. None is an accident of the server.</summary>
/// <remarks><c>make fuzz-properties</c> makes them for minutes.</remarks>
public sealed class HostileRequestTests
{
    /// <summary>What stands in an address as it is; all else is percent-encoded, so that every byte arrives.</summary>
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:?=&@";

    private const string MediaTypeOfManifest = "application/vnd.oci.image.manifest.v1+json";

    [Fact]
    public async Task Addresses()
    {
        await using var site = await TestSite.StartAsync();
        string run = site.Run.Hex;
        string[] addresses =
        [
            $"/runs/{run}", $"/runs/{run}/record.json", $"/runs/{run}/diff/{site.OtherRun.Hex}", $"/api/v1/runs/{run}/differences/{site.OtherRun.Hex}",
            $"/replays/{site.Replay.Hex}", $"/records/{site.Citation.Hex}/record.p7s", $"/images/sha256:{run}", $"/images/record/{site.ImageRecord.Hex}",
            $"/papers/{TestSite.Paper}", $"/api/v1/papers/https://doi.org/{TestSite.Paper}", $"/files/sha256:{run}", $"/signers/{run}",
            $"/blobs/{site.Run}", $"/preview/{site.Run}.png", $"/badge/run/{run}.svg", $"/badge/paper/{TestSite.Paper}", "/log/tile/entries/000.p/5",
            "/log/checkpoint", $"/v2/lab/box/manifests/{site.Run}", $"/v2/lab/box/blobs/{site.Run}", "/v2/lab/box/tags/list?n=5&last=a",
            $"/v2/lab/box/referrers/{site.Run}?artifactType=a/b", "/v2/_catalog?n=3", "/review/prov-review_0123456789abcdef", "/assets/site.css", "/feed.atom?signer=a",
        ];

        Answers(site, addresses, damaged => new HttpRequestMessage(HttpMethod.Get, UriOf(site, $"/{Escape(damaged)}")));
    }

    [Fact]
    public async Task Questions()
    {
        await using var site = await TestSite.StartAsync();
        string[] questions =
        [
            TestSite.Paper, $"https://doi.org/{TestSite.Paper}", $"sha256:{site.Run.Hex}", site.Run.Hex[..12], "sha512:" + new string('a', 128),
            "/home/ada/fits/result.csv", "result.csv", "lab/box:v1", "\"python3 fit.py\" -x", "10.1234/%C3%A4\u00e4", "a\u0000b\uD83D\uDE00",
        ];

        Answers(site, questions, damaged => new HttpRequestMessage(HttpMethod.Get, UriOf(site, $"/lookup?q={Escape(damaged)}")));
        Answers(site, questions, damaged => new HttpRequestMessage(HttpMethod.Get, UriOf(site, $"/api/v1/lookup?q={Escape(damaged)}")));
    }

    [Fact]
    public async Task Conditions_of_lists()
    {
        await using var site = await TestSite.StartAsync();
        string[] conditions =
        [
            "text=python3 fit&after=1764000000000.3&limit=7", $"image=sha256:{site.Run.Hex}&ended=well", "host=node01&cpuFeature=avx2", "label=project=x&peer=192.0.2.1",
            $"signer={site.Run.Hex}&since=2026-01-01&until=2026-12-31T12:00:00Z", "commit=0123456789abcdef&program=/usr/bin/python3&injected=libcuda.so.1",
            "after=253402300799999.9223372036854775807", "text=a_b%25c'%20or%201=1--",
        ];

        Answers(site, conditions, damaged => new HttpRequestMessage(HttpMethod.Get, UriOf(site, $"/runs?{Escape(damaged)}")));
        Answers(site, conditions, damaged => new HttpRequestMessage(HttpMethod.Get, UriOf(site, $"/api/v1/runs?{Escape(damaged)}")));
    }

    [Theory]
    [InlineData("Range", "bytes=0-5, 7-9, -3")]
    [InlineData("If-Range", "\"abc\"")]
    [InlineData("If-None-Match", "W/\"abc\", \"def\"")]
    [InlineData("If-Modified-Since", "Mon, 30 Nov 2026 08:00:00 GMT")]
    [InlineData("Accept", "application/ld+json;q=0.5, text/html;q=0.9, */*;q=0.1")]
    [InlineData("Accept-Encoding", "gzip, br;q=0.3, *;q=0")]
    [InlineData("Authorization", "Bearer prov_0123456789abcdef")]
    [InlineData("Authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.AAAA")]
    [InlineData("Authorization", "Basic YWRhOnByb3ZfMTIz")]
    [InlineData("Cookie", "prov-review=prov-review_0123456789abcdef; a=b")]
    public async Task Fields(string name, string value)
    {
        await using var site = await TestSite.StartAsync();
        string[] paths = [$"/runs/{site.Run.Hex}", $"/blobs/{site.Run}", $"/v2/prov/manifests/run-{site.Run.Hex}", "/log/checkpoint"];
        Answers(site, [value], damaged =>
        {
            // Which of them, the bytes say, so that a failure can be repeated.
            var request = new HttpRequestMessage(HttpMethod.Get, UriOf(site, paths[damaged.Sum(b => b) % paths.Length]));
            // What no client could send, the library would not.
            request.Headers.TryAddWithoutValidation(name, string.Concat(damaged.Select(b => b is >= 0x20 and < 0x7f ? (char)b : '~')));
            return request;
        });
    }

    [Fact]
    public async Task Bodies()
    {
        await using var site = await TestSite.StartAsync(options: options => options with { Writing = new WriteOptions((_, _, _) => null) });
        string token = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("ada", "p", TokenScopes.Push | TokenScopes.Read, isPrivate: false, null);
        byte[] profile = HostProfileJson.Serialize(RecordSamples.Host());
        string manifest = $$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypeOfManifest}}}","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{{{site.Run}}}","size":2},"layers":[],"annotations":{"a":"b"}}""";

        Answers(site, [Encoding.UTF8.GetString(profile)], damaged => Post(UriOf(site, $"/api/v1/runs/{site.Run.Hex}/assess"), damaged, "application/json"));
        Answers(site, [Encoding.UTF8.GetString(profile)], damaged =>
        {
            var part = new ByteArrayContent(damaged);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpRequestMessage(HttpMethod.Post, UriOf(site, $"/runs/{site.Run.Hex}/check"))
            {
                Content = new MultipartFormDataContent { { part, "profile", "host.json" } },
            };
        });
        Answers(site, [manifest], damaged =>
        {
            var request = Post(UriOf(site, "/v2/lab/new/manifests/v1"), damaged, MediaTypeOfManifest);
            request.Method = HttpMethod.Put;
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            return request;
        });
        Answers(site, [$"/v2/lab/new/blobs/uploads/?digest={site.Run}&mount={site.Run}&from=prov"], damaged =>
        {
            var request = Post(UriOf(site, $"/{Escape(damaged)}"), [1, 2, 3], "application/octet-stream");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            return request;
        });
    }

    /// <summary>Whatever is done to one of them, what is made of it is answered, and not with a failure of the server's.</summary>
    private static void Answers(TestSite site, string[] wholes, Func<byte[], HttpRequestMessage> ask)
    {
        Gen.Int[0, wholes.Length - 1].SelectMany(index => Damage.Of(Encoding.UTF8.GetBytes(wholes[index].TrimStart('/')))).Sample(damaged =>
        {
            using var request = ask(damaged);
            using var response = site.Client.Send(request, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode < 500, $"{request.Method} {request.RequestUri}: {(int)response.StatusCode}");
        });
    }

    private static HttpRequestMessage Post(Uri address, byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
    }

    private static Uri UriOf(TestSite site, string path) =>
        new(site.Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static string Escape(byte[] bytes) =>
        string.Concat(bytes.Select(b => b < 0x80 && Plain.Contains((char)b, StringComparison.Ordinal) ? $"{(char)b}" : $"%{b:X2}"));
}
