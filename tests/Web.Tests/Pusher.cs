using System.Net;
using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>A client of a test's registry that pushes, by a token of its own.</summary>
internal sealed class Pusher(TestSite site, string owner, bool isPrivate = false, string? address = null)
{
    public const string Image = MediaTypes.ImageManifest;

    private readonly string _token = new TokenStore(site.Archive.Layout, TimeProvider.System)
        .Create(owner, "p", TokenScopes.Push | TokenScopes.Read, isPrivate, null);

    /// <summary>A site that takes what is pushed, and images as the test says.</summary>
    public static Task<TestSite> OpenAsync(Func<TestSite, ImageSource, string, Action<long>, Descriptor?>? take = null)
    {
        var holder = new TestSite?[1];
        return StartAsync();

        async Task<TestSite> StartAsync() => holder[0] = await TestSite.StartAsync(options: options => options with
        {
            Writing = new WriteOptions((source, name, reserve) => take?.Invoke(holder[0]!, source, name, reserve)),
        });
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri((address ?? site.Address) + path)) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_token}");
        return await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> StatusOf(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return response.StatusCode;
    }

    public async Task<string> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> PushBlobAsync(byte[] content, bool saysItsLength = true)
    {
        using HttpContent body = saysItsLength ? new ByteArrayContent(content) : new StreamContent(new Unmeasured(content));
        using var response = await SendAsync(HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?digest={Digest.Of(content)}", body);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> PushAsync(string repository, string tag, byte[] manifest, string type = Image)
    {
        using var content = new ByteArrayContent(manifest) { Headers = { ContentType = new(type) } };
        return await SendAsync(HttpMethod.Put, $"/v2/{repository}/manifests/{tag}", content);
    }

    public static byte[] Random(int bytes) => RandomNumberGenerator.GetBytes(bytes);

    public static string Describe(string type, byte[] content) => $$"""{"mediaType":"{{type}}","digest":"{{Digest.Of(content)}}","size":{{content.Length}}}""";

    public static byte[] Artifact(byte[] content) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{Image}}","artifactType":"a/b","config":{{Describe("application/vnd.oci.empty.v1+json", "{}"u8.ToArray())}},"layers":[{{Describe("a/b", content)}}]}""");

    /// <summary>A stream of which nobody can say beforehand how long it is: it is sent in chunks.</summary>
    private sealed class Unmeasured(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
