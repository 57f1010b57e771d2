using System.Net;
using System.Text.Json;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The registry, by sections of the OCI distribution-spec v1.1.1 that ask something of who serves images to be pulled.</summary>
public sealed class RegistryTests
{
    [Fact]
    public async Task Determining_support__the_root_answers_200()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.SendAsync(HttpMethod.Get, "/v2/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData(null)]
    public async Task Pulling_manifests__by_tag_and_by_digest(string? tag)
    {
        await using var site = await TestSite.StartAsync();
        string digest = site.Image.Manifest.Digest.ToString();

        using var response = await site.SendAsync(HttpMethod.Get, $"/v2/lab/tools/manifests/{tag ?? digest}");
        byte[] content = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(digest, Digest.Of(content).ToString());
        Assert.Equal(digest, response.Headers.GetValues("Docker-Content-Digest").Single());
        Assert.Equal(site.Image.Manifest.MediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/v2/lab/tools/manifests/nosuch", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/lab/tools/manifests/sha256:0000000000000000000000000000000000000000000000000000000000000000", 404, "MANIFEST_UNKNOWN")]
    [InlineData("/v2/lab/tools/manifests/sha256:xyz", 400, "DIGEST_INVALID")]
    [InlineData("/v2/nosuch/manifests/v1", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/UPPER/manifests/v1", 400, "NAME_INVALID")]
    [InlineData("/v2/nosuch/tags/list", 404, "NAME_UNKNOWN")]
    [InlineData("/v2/lab/tools/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000", 404, "BLOB_UNKNOWN")]
    [InlineData("/v2/lab/tools/blobs/sha512:00", 400, "DIGEST_INVALID")]
    [InlineData("/v2/lab/tools/referrers/x", 400, "DIGEST_INVALID")]
    [InlineData("/v2/lab/tools/blobs/..%2f..%2fcatalog.db", 400, "DIGEST_INVALID")]
    public async Task Error_codes__have_their_form(string path, int status, string code)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.SendAsync(HttpMethod.Get, path);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, body.GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Pulling_blobs__whole_in_part_and_by_head()
    {
        await using var site = await TestSite.StartAsync();
        string digest = site.Image.Record.Layers[0].Blob.Digest.ToString();
        string path = $"/v2/lab/tools/blobs/{digest}";

        byte[] whole = await site.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var part = await site.SendAsync(HttpMethod.Get, path, ("Range", "bytes=512-1023"));
        using var beyond = await site.SendAsync(HttpMethod.Get, path, ("Range", $"bytes={whole.Length}-"));
        using var backwards = await site.SendAsync(HttpMethod.Get, path, ("Range", "bytes=500-0"));
        using var head = await site.SendAsync(HttpMethod.Head, path);

        Assert.Equal(digest, Digest.Of(whole).ToString());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[512..1024], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, backwards.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
        Assert.Equal(digest, head.Headers.GetValues("Docker-Content-Digest").Single());
    }

    [Theory]
    [InlineData("/v2/lab/tools/tags/list", "tags", "v1")]
    [InlineData("/v2/lab/tools/tags/list?n=0", "tags", "")]
    [InlineData("/v2/lab/tools/tags/list?last=v1", "tags", "")]
    [InlineData("/v2/lab/tools/tags/list?last=a&n=5", "tags", "v1")]
    [InlineData("/v2/_catalog", "repositories", "lab/tools prov")]
    [InlineData("/v2/image/tags/list", "tags", "")]
    public async Task Listing_tags__in_order_and_in_parts(string path, string member, string expected)
    {
        await using var site = await TestSite.StartAsync();

        var list = JsonElement.Parse(await site.GetAsync(path)).GetProperty(member);

        Assert.Equal(expected, string.Join(' ', list.EnumerateArray().Select(tag => tag.GetString())));
    }

    [Fact]
    public async Task Listing_referrers__the_signed_record_of_an_image_can_be_pulled()
    {
        await using var site = await TestSite.StartAsync();
        string path = $"/v2/lab/tools/referrers/{site.Image.Manifest.Digest}";

        using var response = await site.SendAsync(HttpMethod.Get, path);
        var index = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var descriptor = index.GetProperty("manifests")[0];
        byte[] manifest = await site.Client.GetByteArrayAsync(
            new Uri($"/v2/lab/tools/manifests/{descriptor.GetProperty("digest").GetString()}", UriKind.Relative), TestContext.Current.CancellationToken);
        var parsed = JsonElement.Parse(manifest);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/vnd.oci.image.index.v1+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(descriptor.GetProperty("digest").GetString(), Digest.Of(manifest).ToString());
        Assert.Equal(descriptor.GetProperty("size").GetInt64(), manifest.Length);
        Assert.Equal(site.Image.Manifest.Digest.ToString(), parsed.GetProperty("subject").GetProperty("digest").GetString());
        Assert.Equal(site.ImageRecord.ToString(), parsed.GetProperty("layers")[0].GetProperty("digest").GetString());
        foreach (var blob in parsed.GetProperty("layers").EnumerateArray().Append(parsed.GetProperty("config")))
        {
            string digest = blob.GetProperty("digest").GetString()!;
            byte[] content = await site.Client.GetByteArrayAsync(new Uri($"/v2/lab/tools/blobs/{digest}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(digest, Digest.Of(content).ToString());
        }
    }

    [Fact]
    public async Task Listing_referrers__none_is_an_empty_list_and_a_filter_says_that_it_was_applied()
    {
        await using var site = await TestSite.StartAsync();

        using var none = await site.SendAsync(HttpMethod.Get, $"/v2/lab/tools/referrers/{Digest.Of("nothing"u8)}");
        using var filtered = await site.SendAsync(HttpMethod.Get, $"/v2/lab/tools/referrers/{site.Image.Manifest.Digest}?artifactType=other");

        Assert.Equal(HttpStatusCode.OK, none.StatusCode);
        Assert.Equal(0, JsonElement.Parse(await none.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("manifests").GetArrayLength());
        Assert.Equal("artifactType", filtered.Headers.GetValues("OCI-Filters-Applied").Single());
        Assert.Equal(0, JsonElement.Parse(await filtered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("manifests").GetArrayLength());
    }

    [Theory]
    [InlineData("POST", "/v2/lab/tools/blobs/uploads/")]
    [InlineData("PUT", "/v2/lab/tools/manifests/v2")]
    [InlineData("DELETE", "/v2/lab/tools/manifests/v1")]
    [InlineData("PATCH", "/v2/lab/tools/blobs/uploads/x")]
    public async Task Pushing__is_refused_in_words(string method, string path)
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.SendAsync(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Contains("UNSUPPORTED", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
