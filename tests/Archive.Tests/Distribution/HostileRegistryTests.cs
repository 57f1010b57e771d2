using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Tests.Images;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Registries that nobody runs in good faith, and networks that lose connections.</summary>
public sealed class HostileRegistryTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];
    private static readonly Descriptor Blob = new() { MediaType = MediaTypes.OctetStream, Digest = Digest.Of(Content), Size = Content.Length };

    private readonly ImportBench _bench = new();
    private FakeRegistry? _registry;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _registry?.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void A_blob_of_another_digest_is_refused_and_nothing_of_it_is_kept()
    {
        byte[] evil = [.. Content[..^1], 0];
        var refused = Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(200, evil)));

        Assert.Contains("content has digest", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Blobs.Enumerate());
        Assert.DoesNotContain(Directory.EnumerateFiles(_bench.Layout.Root, "*", SearchOption.AllDirectories), path => new FileInfo(path).Length > 0);
    }

    [Fact]
    public void A_body_that_never_ends_is_left_where_the_blob_must_end() => Assert.Contains(
        "has more than the 300000 bytes",
        Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(200, Content) { Length = -1 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_length_that_is_not_the_blobs_is_refused_before_anything_is_read() => Assert.Contains(
        "has 3 bytes, its descriptor says 300000",
        Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(200, "abc"u8.ToArray()))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void After_a_lost_connection_the_rest_is_asked_for()
    {
        int asked = 0;
        Fetch(request => ++asked switch
        {
            1 => new FakeAnswer(200, Content) { CutAfter = 100_000 },
            2 => new FakeAnswer(503, null, ("Retry-After", "0")),
            3 => Part(request) with { CutAfter = 50_000 },
            _ => Part(request),
        });

        string?[] ranges = [.. _registry!.Requests.Select(request => request["range"])];
        Assert.Null(ranges[0]);
        Assert.Equal("bytes=100000-", ranges[1]);
        Assert.Equal("bytes=150000-", ranges[^1]);
        Assert.Equal(4, asked);
    }

    [Fact]
    public void A_registry_that_knows_no_ranges_is_read_from_the_beginning_again()
    {
        int asked = 0;
        Fetch(_ => new FakeAnswer(200, Content) { CutAfter = ++asked == 1 ? 100_000 : null });

        Assert.Equal(2, asked);
    }

    [Fact]
    public void What_came_before_the_process_ended_is_not_asked_for_again()
    {
        Assert.Throws<RegistryException>(() => Fetch(request => _registry!.Requests.Count > 1
            ? new FakeAnswer(500)
            : new FakeAnswer(200, Content) { CutAfter = 200_000 }));
        _registry!.Dispose();

        Fetch(Part);

        Assert.Equal("bytes=200000-", Assert.Single(_registry!.Requests)["range"]);
    }

    [Fact]
    public void What_came_before_and_is_damaged_is_fetched_anew()
    {
        string arrival = Path.Combine(_bench.Layout.ArrivalPath(Blob.Digest), "tmp");
        Directory.CreateDirectory(arrival);
        File.WriteAllBytes(Path.Combine(arrival, Blob.Digest.Hex), new byte[1000]);

        Fetch(request => request["range"] is null ? new FakeAnswer(200, Content) : Part(request));

        Assert.Equal(["bytes=1000-", null], _registry!.Requests.Select(request => request["range"]));
    }

    [Theory]
    [InlineData("bytes 5-299999/300000", "answers with the range")]
    [InlineData("bytes 100000-299999/400000", "answers with the range")]
    [InlineData("bytes 100000-299998/300000", "its descriptor says 300000")]
    public void A_range_that_was_not_asked_for_is_refused(string range, string message)
    {
        int asked = 0;
        var refused = Assert.Throws<RegistryException>(() => Fetch(_ => ++asked == 1
            ? new FakeAnswer(200, Content) { CutAfter = 100_000 }
            : new FakeAnswer(206, Content[100_001..], ("Content-Range", range))));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_that_cannot_be_satisfied_ends_it()
    {
        int asked = 0;
        var refused = Assert.Throws<RegistryException>(() => Fetch(_ => ++asked == 1
            ? new FakeAnswer(200, Content) { CutAfter = 100_000 }
            : new FakeAnswer(416)));

        Assert.Contains("has no bytes from 100000 on", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, asked);
    }

    [Fact]
    public void Nothing_is_asked_for_ever()
    {
        Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(500)));
        Assert.Equal(3, _registry!.Requests.Count);
        Assert.Contains("is to be asked again only after 9999 s", Assert.Throws<RegistryException>(() => Fetch(
            _ => new FakeAnswer(429, null, ("Retry-After", "9999")))).Message, StringComparison.Ordinal);
        Assert.Throws<RegistryException>(() => Fetch(request => request["range"] is null ? new FakeAnswer(200, Content) { CutAfter = 10 } : new FakeAnswer(200, Content) { CutAfter = 5 }));
    }

    [Fact]
    public void A_redirection_elsewhere_is_asked_without_credentials()
    {
        using var other = new FakeRegistry(_ => new FakeAnswer(200, Content));
        string authorization = Convert.ToBase64String("ada:secret"u8);
        Fetch(
            request => request["authorization"] is null
                ? new FakeAnswer(401, null, ("WWW-Authenticate", "Basic realm=\"x\""))
                : new FakeAnswer(307, null, ("Location", $"{other.Url}/somewhere?signature=x")),
            Login());

        Assert.Equal($"Basic {authorization}", _registry!.Requests[^1]["authorization"]);
        Assert.Null(Assert.Single(other.Requests)["authorization"]);
    }

    [Fact]
    public void Redirections_are_bounded() => Assert.Contains(
        "leads elsewhere more than 5 times",
        Assert.Throws<RegistryException>(() => Fetch(request => new FakeAnswer(302, null, ("Location", request.Target)))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a")]
    public void A_redirection_to_no_web_address_is_refused(string location) => Assert.Contains(
        "leads to no address",
        Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(302, null, ("Location", location)))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Credentials_are_shown_to_no_other_host_that_claims_to_make_tokens()
    {
        using var other = new FakeRegistry(_ => new FakeAnswer(200, """{"token":"t"}"""u8.ToArray()));
        Fetch(
            request => request["authorization"] == "Bearer t"
                ? new FakeAnswer(200, Content)
                : new FakeAnswer(401, null, ("WWW-Authenticate", $"Bearer realm=\"{other.Url}/token\",service=\"s\",scope=\"repository:a:pull\"")),
            Login());

        var asked = Assert.Single(other.Requests);
        Assert.Null(asked["authorization"]);
        Assert.Equal("/token?service=s&scope=repository%3Aa%3Apull", asked.Target);
    }

    [Fact]
    public void Credentials_are_shown_to_the_registry_itself_for_a_token()
    {
        Fetch(
            request => request.Path == "/token" ? new FakeAnswer(200, """{"access_token":"t"}"""u8.ToArray())
                : request["authorization"] == "Bearer t" ? new FakeAnswer(200, Content)
                : new FakeAnswer(401, null, ("WWW-Authenticate", $"Bearer realm=\"{_registry!.Url}/token\"")),
            Login());

        Assert.StartsWith("Basic ", _registry!.Requests.Single(request => request.Path == "/token")["authorization"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://tokens.example.org/token", "over plain HTTP")]
    [InlineData("file:///etc/passwd", "does not say where there are any")]
    [InlineData("https://user:pass@tokens.example.org/", "does not say where there are any")]
    [InlineData("nowhere", "does not say where there are any")]
    public void A_token_is_not_asked_for_just_anywhere(string realm, string message) => Assert.Contains(
        message,
        Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(401, null, ("WWW-Authenticate", $"Bearer realm=\"{realm}\"")))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_login_that_is_not_taken_is_tried_once()
    {
        var denied = Assert.Throws<RegistryException>(() => Fetch(_ => new FakeAnswer(401, null, ("WWW-Authenticate", "Basic realm=\"x\"")), Login()));

        Assert.True(denied.IsDenied);
        Assert.Equal(2, _registry!.Requests.Count);
    }

    [Fact]
    public void A_token_of_the_callers_goes_to_the_registry_and_not_where_it_leads()
    {
        using var other = new FakeRegistry(_ => new FakeAnswer(200, Content));
        Fetch(_ => new FakeAnswer(307, null, ("Location", $"{other.Url}/x")), options => options with { BearerToken = "mine" });

        Assert.Equal("Bearer mine", _registry!.Requests[0]["authorization"]);
        Assert.Null(Assert.Single(other.Requests)["authorization"]);
    }

    [Fact]
    public void A_manifest_that_is_too_large_is_refused()
    {
        byte[] large = new byte[RegistryClient.MaxManifestBytes + 1];
        foreach (long? length in (long?[])[null, -1])
        {
            var refused = Assert.Throws<RegistryException>(() => Manifest("a:1", _ => new FakeAnswer(200, large) { Length = length }));
            Assert.Contains("4194304", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_manifest_of_another_digest_is_refused()
    {
        Assert.Contains("content has digest", Assert.Throws<RegistryException>(() => Manifest($"a@{Blob.Digest}", _ => new FakeAnswer(200, "{}"u8.ToArray()))).Message, StringComparison.Ordinal);
        Assert.Contains("content has digest", Assert.Throws<RegistryException>(() => Manifest(
            "a:1", _ => new FakeAnswer(200, "{}"u8.ToArray(), ("Docker-Content-Digest", Blob.Digest.ToString())))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_registry_says_is_told_in_one_line()
    {
        byte[] error = """{"errors":[{"code":"DENIED","message":"no\nsuch\u001b luck"}]}"""u8.ToArray();

        var denied = Assert.Throws<RegistryException>(() => Manifest("a:1", _ => new FakeAnswer(403, error, ("Content-Type", "application/json"))));

        Assert.EndsWith("is denied: DENIED no such\u001b luck", denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_that_says_nothing_is_given_up()
    {
        _registry = new FakeRegistry(_ => new FakeAnswer(200) { Delay = TimeSpan.FromSeconds(10) });
        using var client = new RegistryClient(RegistryClients.Options() with { Patience = TimeSpan.FromMilliseconds(200), Attempts = 2 });

        var refused = Assert.Throws<RegistryException>(() => client.GetManifest(RegistryReference.Parse($"{_registry.Host}/a:1"), Cancellation));

        Assert.Contains("no answer within", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mirror_is_asked_first_and_what_it_lacks_of_the_registry()
    {
        using var mirror = new FakeRegistry(request => request.Path.Contains("/manifests/", StringComparison.Ordinal)
            ? new FakeAnswer(200, """{"mediaType":"x"}"""u8.ToArray())
            : new FakeAnswer(404));
        _registry = new FakeRegistry(_ => new FakeAnswer(200, Content));
        var settings = new RegistrySettings { Mirrors = new Dictionary<string, IReadOnlyList<Uri>> { [_registry.Host] = [new Uri($"{mirror.Url}/cache")] } };
        using var client = new RegistryClient(RegistryClients.Options() with { Settings = settings, BearerToken = "mine" });
        var reference = RegistryReference.Parse($"{_registry.Host}/a:1");

        Assert.Equal("x", client.GetManifest(reference, Cancellation).Descriptor.MediaType);
        using var body = client.OpenBlob(reference, Blob, 0, Cancellation);

        Assert.Equal(Blob.Digest, Digest.Of(body));
        Assert.Equal(["/v2/cache/a/manifests/1", $"/v2/cache/a/blobs/{Blob.Digest}"], mirror.Requests.Select(request => request.Path));
        Assert.All(mirror.Requests, request => Assert.Null(request["authorization"]));
        Assert.Single(_registry.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/upload", "expected an address at")]
    [InlineData("https://example.org/upload", "expected an address at")]
    [InlineData(null, "does not say where to send it")]
    public void A_blob_is_sent_to_no_other_server(string? location, string message)
    {
        var refused = Assert.Throws<RegistryException>(() => Put(request => request.Method == "HEAD"
            ? new FakeAnswer(404)
            : new FakeAnswer(202, null, location is null ? [] : [("Location", location)])));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_that_was_lost_is_sent_again_from_where_the_registry_is()
    {
        var taken = new MemoryStream();
        int pieces = 0;
        Put(request =>
        {
            switch (request.Method)
            {
                case "HEAD":
                    return new FakeAnswer(404);
                case "POST":
                    return Session(taken, 202);
                case "GET":
                    return Session(taken, 204);
                case "PATCH" when ++pieces == 2:
                    // Half of it is kept, and the connection lost before an answer.
                    taken.Write(request.Body.AsSpan(0, request.Body.Length / 2));
                    return new FakeAnswer(502);
                case "PATCH":
                    Assert.Equal($"{taken.Length}-{taken.Length + request.Body.Length - 1}", request["content-range"]);
                    taken.Write(request.Body);
                    return Session(taken, 202);
                default:
                    Assert.Equal($"/upload?state=x&digest={Uri.EscapeDataString(Blob.Digest.ToString())}", request.Target);
                    return new FakeAnswer(201);
            }
        });

        Assert.Equal(Content, taken.ToArray());
    }

    [Fact]
    public void An_upload_that_is_never_taken_is_given_up()
    {
        Assert.Throws<RegistryException>(() => Put(request => request.Method == "HEAD" ? new FakeAnswer(404) : new FakeAnswer(500)));
        Assert.InRange(_registry!.Requests.Count, 2, 20);
    }

    [Fact]
    public void Pages_of_tags_are_followed_at_this_registry_alone()
    {
        _registry = new FakeRegistry(request => request.Target.Contains("last=", StringComparison.Ordinal)
            ? new FakeAnswer(200, """{"tags":["run-b","x"]}"""u8.ToArray(), ("Link", "<https://example.org/v2/a/tags/list>; rel=\"next\""))
            : new FakeAnswer(200, """{"tags":["run-a","!"]}"""u8.ToArray(), ("Link", "</v2/a/tags/list?last=run-a>; rel=\"next\"")));
        using var client = RegistryClients.New();

        Assert.Equal(["run-a", "run-b"], client.FindTags(RegistryReference.Parse($"{_registry.Host}/a"), "run-", 10, Cancellation));
    }

    private static FakeAnswer Part(FakeRequest request)
    {
        int from = request["range"] is { } range ? int.Parse(range["bytes=".Length..^1], null) : 0;
        return from == 0 ? new FakeAnswer(200, Content) : new FakeAnswer(206, Content[from..], ("Content-Range", $"bytes {from}-{Content.Length - 1}/{Content.Length}"));
    }

    private static FakeAnswer Session(MemoryStream taken, int status) =>
        new(status, null, ("Location", "/upload?state=x"), ("Range", $"0-{Math.Max(0, taken.Length - 1)}"));

    private Func<RegistryOptions, RegistryOptions> Login()
    {
        string file = _bench.PathOf("auth.json");
        return options =>
        {
            string auth = Convert.ToBase64String(Encoding.UTF8.GetBytes("ada:secret"));
            File.WriteAllText(file, $$"""{"auths":{"{{_registry!.Host}}":{"auth":"{{auth}}"} } }""");
            return options with { Credentials = RegistryCredentials.Of(file, null) };
        };
    }

    private void Fetch(Func<FakeRequest, FakeAnswer> answer, Func<RegistryOptions, RegistryOptions>? change = null)
    {
        _registry?.Dispose();
        _registry = new FakeRegistry(answer);
        var options = RegistryClients.Options();
        using var client = new RegistryClient(change is null ? options : change(options));
        using var fetched = new FetchedBlobs(_bench.Blobs, client, RegistryReference.Parse($"{_registry.Host}/a"), Blob.Digest, null);
        fetched.Fetch(Blob, Cancellation);
        using var back = fetched.Open(Blob, Cancellation);
        Assert.Equal(Blob.Digest, Digest.Of(back));
    }

    private FetchedManifest Manifest(string reference, Func<FakeRequest, FakeAnswer> answer)
    {
        _registry?.Dispose();
        _registry = new FakeRegistry(answer);
        using var client = RegistryClients.New();
        return client.GetManifest(RegistryReference.Parse($"{_registry.Host}/{reference}"), Cancellation);
    }

    private void Put(Func<FakeRequest, FakeAnswer> answer)
    {
        _registry = new FakeRegistry(answer);
        using var client = new RegistryClient(RegistryClients.Options() with { ChunkBytes = 100_000 });
        var outcome = client.PutBlob(RegistryReference.Parse($"{_registry.Host}/a"), Blob, () => new MemoryStream(Content), null, null, Cancellation);
        Assert.Equal(UploadOutcome.Sent, outcome);
    }
}
