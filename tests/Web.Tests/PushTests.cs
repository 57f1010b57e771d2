using System.Net;
using System.Text;
using System.Text.Json;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The registry, by sections of the OCI distribution-spec v1.1.1 that ask something of who takes images in.</summary>
public sealed class PushTests
{
    private const string Manifest = MediaTypes.ImageManifest;
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("what is in a layer");
    private static readonly Digest Named = Digest.Of(Content);

    [Fact]
    public async Task Pushing_a_blob_monolithically__by_POST_then_PUT()
    {
        await using var site = await OpenAsync();
        using var begun = await SendAsync(site, HttpMethod.Post, "/v2/lab/new/blobs/uploads/");

        using var ended = await SendAsync(site, HttpMethod.Put, $"{begun.Headers.Location!.PathAndQuery}?digest={Named}", Content);

        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        Assert.True(begun.Headers.Location.IsAbsoluteUri);
        Assert.Equal(HttpStatusCode.Created, ended.StatusCode);
        Assert.EndsWith($"/v2/lab/new/blobs/{Named}", ended.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(site, HttpMethod.Head, $"/v2/lab/new/blobs/{Named}")).StatusCode);
    }

    [Fact]
    public async Task Single_POST()
    {
        await using var site = await OpenAsync();

        using var response = await SendAsync(site, HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?digest={Named}", Content);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(Named.ToString(), response.Headers.GetValues("Docker-Content-Digest").Single());
    }

    [Fact]
    public async Task Pushing_a_blob_in_chunks__each_begins_where_the_last_ended()
    {
        await using var site = await OpenAsync();
        using var begun = await SendAsync(site, HttpMethod.Post, "/v2/lab/new/blobs/uploads/");
        string session = begun.Headers.Location!.PathAndQuery;

        using var first = await SendAsync(site, HttpMethod.Patch, session, Content[..5], ("Content-Range", "0-4"));
        using var asked = await SendAsync(site, HttpMethod.Get, session);
        using var gap = await SendAsync(site, HttpMethod.Patch, session, Content[9..], ("Content-Range", $"9-{Content.Length - 1}"));
        using var again = await SendAsync(site, HttpMethod.Patch, session, Content[..5], ("Content-Range", "0-4"));
        using var second = await SendAsync(site, HttpMethod.Patch, session, Content[5..], ("Content-Range", $"5-{Content.Length - 1}"));
        using var ended = await SendAsync(site, HttpMethod.Put, $"{session}?digest={Named}");

        Assert.Equal((HttpStatusCode.Accepted, "0-4"), (first.StatusCode, RangeOf(first)));
        Assert.Equal((HttpStatusCode.NoContent, "0-4"), (asked.StatusCode, RangeOf(asked)));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, gap.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, again.StatusCode);
        Assert.Equal((HttpStatusCode.Accepted, $"0-{Content.Length - 1}"), (second.StatusCode, RangeOf(second)));
        Assert.Equal(HttpStatusCode.Created, ended.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(site, HttpMethod.Get, session)).StatusCode);
    }

    [Fact]
    public async Task Cancelling_an_upload()
    {
        await using var site = await OpenAsync();
        using var begun = await SendAsync(site, HttpMethod.Post, "/v2/lab/new/blobs/uploads/");

        using var cancelled = await SendAsync(site, HttpMethod.Delete, begun.Headers.Location!.PathAndQuery);

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(site, HttpMethod.Get, begun.Headers.Location.PathAndQuery)).StatusCode);
    }

    [Fact]
    public async Task Mounting_a_blob_from_another_repository__and_a_session_where_there_is_none()
    {
        await using var site = await OpenAsync();
        var layer = site.Image.Record.Layers[0].Blob.Digest;

        using var mounted = await SendAsync(site, HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?mount={layer}&from=lab/tools");
        using var absent = await SendAsync(site, HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?mount={Named}&from=lab/tools");

        Assert.Equal(HttpStatusCode.Created, mounted.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, absent.StatusCode);
    }

    [Fact]
    public async Task A_blob_that_is_not_its_digest_is_refused_and_not_kept()
    {
        await using var site = await OpenAsync();

        using var response = await SendAsync(site, HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?digest={Digest.Of("other"u8)}", Content);

        Assert.Equal((HttpStatusCode.BadRequest, "DIGEST_INVALID"), (response.StatusCode, await CodeOf(response)));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(site, HttpMethod.Head, $"/v2/lab/new/blobs/{Digest.Of("other"u8)}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(site, HttpMethod.Head, $"/v2/lab/new/blobs/{Named}")).StatusCode);
    }

    [Fact]
    public async Task Pushing_manifests__an_artifact_is_pulled_by_tag_and_by_digest_and_listed()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        byte[] manifest = Artifact("application/vnd.example+type");

        using var pushed = await PushAsync(site, "/v2/lab/new/manifests/v1", manifest);
        using var byDigest = await site.SendAsync(HttpMethod.Get, $"/v2/lab/new/manifests/{Digest.Of(manifest)}");

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(Digest.Of(manifest).ToString(), pushed.Headers.GetValues("Docker-Content-Digest").Single());
        Assert.Equal(manifest, await byDigest.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Manifest, byDigest.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"v1\"", await site.GetAsync("/v2/lab/new/tags/list"));
        Assert.Contains("lab/new", await site.GetAsync("/v2/_catalog"));
        Assert.Equal(Content, await (await site.SendAsync(HttpMethod.Get, $"/v2/lab/new/blobs/{Named}")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pushing_manifests_with_subject__is_listed_as_a_referrer_and_says_so()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        string subject = site.Image.Manifest.Digest.ToString();
        byte[] manifest = Artifact("application/vnd.example+type", $$""","subject":{"mediaType":"{{Manifest}}","digest":"{{subject}}","size":{{site.Image.Manifest.Size}}},"annotations":{"a":"b"}""");

        using var pushed = await PushAsync(site, $"/v2/lab/tools/manifests/{Digest.Of(manifest)}", manifest);
        var listed = JsonElement.Parse(await site.GetAsync($"/v2/lab/tools/referrers/{subject}?artifactType=application/vnd.example%2Btype")).GetProperty("manifests");

        Assert.Equal(subject, pushed.Headers.GetValues("OCI-Subject").Single());
        Assert.Equal(1, listed.GetArrayLength());
        Assert.Equal(Digest.Of(manifest).ToString(), listed[0].GetProperty("digest").GetString());
        Assert.Equal("b", listed[0].GetProperty("annotations").GetProperty("a").GetString());
        Assert.Equal(2, JsonElement.Parse(await site.GetAsync($"/v2/lab/tools/referrers/{subject}")).GetProperty("manifests").GetArrayLength());
    }

    [Fact]
    public async Task Pushing_manifests_with_subject__in_either_order()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        string nobody = Digest.Of("not here yet"u8).ToString();
        byte[] manifest = Artifact("a/b", $$""","subject":{"mediaType":"{{Manifest}}","digest":"{{nobody}}","size":12}""");

        using var pushed = await PushAsync(site, $"/v2/lab/new/manifests/{Digest.Of(manifest)}", manifest);

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.Equal(nobody, pushed.Headers.GetValues("OCI-Subject").Single());
        Assert.Contains(Digest.Of(manifest).ToString(), await site.GetAsync($"/v2/lab/new/referrers/{nobody}"));
    }

    [Fact]
    public async Task Listing_referrers__what_has_no_artifact_type_is_of_its_configs_and_an_index_of_none()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        string subject = $$""","subject":{"mediaType":"{{Manifest}}","digest":"{{site.Image.Manifest.Digest}}","size":{{site.Image.Manifest.Size}}}""";
        byte[] plain = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{Describe("application/x-config", Content)}},"layers":[]{{subject}}}""");
        byte[] index = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.ImageIndex}}","manifests":[{{Describe(Manifest, plain)}}]{{subject}}}""");

        using var first = await PushAsync(site, $"/v2/lab/tools/manifests/{Digest.Of(plain)}", plain);
        using var second = await PushAsync(site, $"/v2/lab/tools/manifests/{Digest.Of(index)}", index, MediaTypes.ImageIndex);
        var listed = JsonElement.Parse(await site.GetAsync($"/v2/lab/tools/referrers/{site.Image.Manifest.Digest}")).GetProperty("manifests")
            .EnumerateArray().ToDictionary(entry => entry.GetProperty("digest").GetString()!);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal("application/x-config", listed[Digest.Of(plain).ToString()].GetProperty("artifactType").GetString());
        Assert.False(listed[Digest.Of(index).ToString()].TryGetProperty("artifactType", out _));
    }

    [Fact]
    public async Task Pushing_a_blob_in_chunks__the_last_may_come_with_the_end_and_only_in_its_place()
    {
        await using var site = await OpenAsync();
        using var begun = await SendAsync(site, HttpMethod.Post, "/v2/lab/new/blobs/uploads/");
        using var other = await SendAsync(site, HttpMethod.Post, "/v2/lab/new/blobs/uploads/");
        string session = begun.Headers.Location!.PathAndQuery;
        string last = $"5-{Content.Length - 1}";
        Assert.NotEqual(session, other.Headers.Location!.PathAndQuery);
        (await SendAsync(site, HttpMethod.Patch, session, Content[..5], ("Content-Range", "0-4"))).Dispose();

        using var nameless = await SendAsync(site, HttpMethod.Put, session, Content[5..], ("Content-Range", last));
        using var gap = await SendAsync(site, HttpMethod.Put, $"{session}?digest={Named}", Content[9..], ("Content-Range", $"9-{Content.Length - 1}"));
        using var malformed = await SendAsync(site, HttpMethod.Patch, session, Content[5..], ("Content-Range", $"bytes 5-{Content.Length - 1}/*"));
        using var ended = await SendAsync(site, HttpMethod.Put, $"{session}?digest={Named}", Content[5..], ("Content-Range", last));

        Assert.Equal((HttpStatusCode.BadRequest, "DIGEST_INVALID"), (nameless.StatusCode, await CodeOf(nameless)));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, gap.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, malformed.StatusCode);
        Assert.Equal(HttpStatusCode.Created, ended.StatusCode);
        using var whole = await SendAsync(site, HttpMethod.Get, $"/v2/lab/new/blobs/{Named}");
        Assert.Equal(Content, await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Listing_tags__page_by_page_with_links()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        string[] tags = ["B", "a", "a.1", "b", "v10", "v2"];
        foreach (string tag in tags.Reverse())
        {
            (await PushAsync(site, $"/v2/lab/new/manifests/{tag}", Artifact("a/b"))).Dispose();
        }

        var seen = new List<string?>();
        string? next = "/v2/lab/new/tags/list?n=2";
        while (next is not null)
        {
            using var response = await site.SendAsync(HttpMethod.Get, next);
            seen.AddRange(JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
                .GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
            string? link = response.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            Assert.True(link is null || link.EndsWith(">; rel=\"next\"", StringComparison.Ordinal), link);
            next = link is null ? null : new Uri(new Uri(site.Address), link[1..link.IndexOf('>', StringComparison.Ordinal)]).PathAndQuery;
        }

        Assert.Equal(tags, seen);
        using var none = await site.SendAsync(HttpMethod.Get, "/v2/lab/new/tags/list?n=0");
        Assert.False(none.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData("DELETE", "/v2/nosuch/manifests/v1", 404)]
    [InlineData("DELETE", "/v2/lab/tools/manifests/nosuch", 404)]
    [InlineData("PUT", "/v2/lab/new/manifests/-tag", 404)]
    [InlineData("PUT", "/v2/lab/new/manifests/sha256:00", 400)]
    [InlineData("GET", "/v2/lab/new/blobs/uploads/nosuch", 404)]
    [InlineData("PATCH", "/v2/lab/new/blobs/uploads/nosuch", 404)]
    [InlineData("POST", "/v2/Lab/blobs/uploads/", 400)]
    public async Task Names__what_is_none_is_told(string method, string path, int status)
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);

        using var response = method == "PUT"
            ? await PushAsync(site, path, Artifact("a/b"))
            : await SendAsync(site, new HttpMethod(method), path, method == "PATCH" ? Content : null);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty((await CodeOf(response))!);
    }

    [Theory]
    [InlineData("{", 400, "MANIFEST_INVALID")]
    [InlineData("[]", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"md5:00\",\"size\":2}}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"size\":2}}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"config\":7}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"schemaVersion\":2}", 400, "MANIFEST_INVALID")]
    [InlineData("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"x\",\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"size\":2}}", 404, "MANIFEST_BLOB_UNKNOWN")]
    public async Task A_manifest_that_is_none_or_names_what_was_not_sent_is_refused(string json, int status, string code)
    {
        await using var site = await OpenAsync();

        using var response = await PushAsync(site, "/v2/lab/new/manifests/v1", Encoding.UTF8.GetBytes(json));

        Assert.Equal((status, code), ((int)response.StatusCode, await CodeOf(response)));
        Assert.DoesNotContain("lab/new", await site.GetAsync("/v2/_catalog"));
    }

    [Fact]
    public async Task A_manifest_with_a_wrong_size_or_under_a_wrong_digest_or_too_large_is_refused()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        byte[] wrong = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Artifact("a/b")).Replace($"\"size\":{Content.Length}", "\"size\":1", StringComparison.Ordinal));

        using var size = await PushAsync(site, "/v2/lab/new/manifests/v1", wrong);
        using var digest = await PushAsync(site, $"/v2/lab/new/manifests/{Named}", Artifact("a/b"));
        using var large = await PushAsync(site, "/v2/lab/new/manifests/v1", new byte[(4 << 20) + 1]);
        using var type = await PushAsync(site, "/v2/lab/new/manifests/v1", Artifact("a/b"), "text/plain");

        Assert.Equal("MANIFEST_INVALID", await CodeOf(size));
        Assert.Equal("DIGEST_INVALID", await CodeOf(digest));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal("MANIFEST_INVALID", await CodeOf(type));
    }

    [Fact]
    public async Task Who_has_no_token_or_a_lesser_one_pushes_nothing()
    {
        await using var site = await OpenAsync();
        var tokens = new TokenStore(site.Archive.Layout, TimeProvider.System);
        string reader = tokens.Create("eve", "r", TokenScopes.Read, isPrivate: false, null);

        using var nobody = await site.SendAsync(HttpMethod.Post, "/v2/lab/new/blobs/uploads/");
        using var lesser = await site.SendAsync(HttpMethod.Post, "/v2/lab/new/blobs/uploads/", ("Authorization", $"Bearer {reader}"));
        await using var closed = await TestSite.StartAsync();
        using var readOnly = await closed.SendAsync(HttpMethod.Post, "/v2/lab/new/blobs/uploads/");

        Assert.Equal((HttpStatusCode.Unauthorized, "UNAUTHORIZED"), (nobody.StatusCode, await CodeOf(nobody)));
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal((HttpStatusCode.Forbidden, "DENIED"), (lesser.StatusCode, await CodeOf(lesser)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "UNSUPPORTED"), (readOnly.StatusCode, await CodeOf(readOnly)));
    }

    [Fact]
    public async Task Each_token_may_do_what_it_says_whatever_another_of_the_same_owner_may()
    {
        await using var site = await OpenAsync();
        var tokens = new TokenStore(site.Archive.Layout, TimeProvider.System);
        string both = tokens.Create("ada", "both", TokenScopes.Push | TokenScopes.Read, isPrivate: false, null);
        string reads = tokens.Create("ada", "reads", TokenScopes.Read, isPrivate: false, null);
        string pushes = tokens.Create("ada", "pushes", TokenScopes.Push, isPrivate: false, null);
        string path = $"/v2/lab/new/blobs/uploads/?digest={Named}";

        foreach (var (token, status) in ((string, HttpStatusCode)[])
            [(both, HttpStatusCode.Created), (reads, HttpStatusCode.Forbidden), (pushes, HttpStatusCode.Created), (reads, HttpStatusCode.Forbidden)])
        {
            using var response = await SendAsync(site, token, HttpMethod.Post, path, Content);
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task What_somebody_has_begun_to_send_nobody_else_sees()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        string other = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("eve", "p", TokenScopes.Push | TokenScopes.Read, isPrivate: false, null);

        using var anonymous = await site.SendAsync(HttpMethod.Head, $"/v2/lab/new/blobs/{Named}");
        using var eve = await site.SendAsync(HttpMethod.Head, $"/v2/lab/new/blobs/{Named}", ("Authorization", $"Bearer {other}"));
        using var mounted = await site.SendAsync(HttpMethod.Post, $"/v2/lab/eve/blobs/uploads/?mount={Named}&from=lab/new", ("Authorization", $"Bearer {other}"));

        Assert.Equal(HttpStatusCode.NotFound, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, eve.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, mounted.StatusCode);
        Assert.Equal(404, (int)(await site.SendAsync(HttpMethod.Get, $"/blobs/{Named}")).StatusCode);
    }

    [Fact]
    public async Task A_tag_moves_for_its_owner_alone_and_races_leave_one_of_both()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        byte[][] manifests = [.. Enumerable.Range(0, 8).Select(number => Artifact($"a/b{number}"))];
        await Task.WhenAll(manifests.Select(async manifest =>
        {
            using var pushed = await PushAsync(site, "/v2/lab/new/manifests/v1", manifest);
            Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        }));

        using var tagged = await site.SendAsync(HttpMethod.Head, "/v2/lab/new/manifests/v1");
        string eve = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("eve", "p", TokenScopes.Push, isPrivate: false, null);
        byte[] other = manifests.First(manifest => Digest.Of(manifest).ToString() != tagged.Headers.GetValues("Docker-Content-Digest").Single());
        using var stolen = await PushAsync(site, "/v2/lab/new/manifests/v1", other, token: eve);
        using var local = await PushAsync(site, "/v2/lab/tools/manifests/v1", manifests[0]);
        using var same = await PushAsync(
            site, "/v2/lab/tools/manifests/v1", site.Archive.Blobs.Read(site.Image.Manifest.Digest, 1 << 20), site.Image.Manifest.MediaType);

        Assert.Contains(tagged.Headers.GetValues("Docker-Content-Digest").Single(), manifests.Select(manifest => Digest.Of(manifest).ToString()));
        foreach (byte[] manifest in manifests)
        {
            using var one = await site.SendAsync(HttpMethod.Head, $"/v2/lab/new/manifests/{Digest.Of(manifest)}");
            Assert.Equal(HttpStatusCode.OK, one.StatusCode);
        }

        Assert.Equal((HttpStatusCode.Forbidden, "DENIED"), (stolen.StatusCode, await CodeOf(stolen)));
        Assert.Equal((HttpStatusCode.Forbidden, "DENIED"), (local.StatusCode, await CodeOf(local)));
        Assert.Equal(HttpStatusCode.Created, same.StatusCode);
        using var then = await PushAsync(site, "/v2/lab/tools/manifests/v1", manifests[0]);
        Assert.Equal(HttpStatusCode.Forbidden, then.StatusCode);
    }

    [Fact]
    public async Task Content_management__tags_and_manifests_go_and_blobs_only_by_gc()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        byte[] manifest = Artifact("a/b");
        (await PushAsync(site, "/v2/lab/new/manifests/v1", manifest)).Dispose();
        new GarbageCollector(site.Archive.Blobs, Archive.Tests.Catalog.SampleArchive.Sync, TimeProvider.System)
            .Collect(new GcOptions { OlderThan = TimeSpan.Zero }, CancellationToken.None);
        Assert.True(site.Archive.Blobs.Contains(Named));

        using var blob = await SendAsync(site, HttpMethod.Delete, $"/v2/lab/new/blobs/{Named}");
        using var tag = await SendAsync(site, HttpMethod.Delete, "/v2/lab/new/manifests/v1");
        using var untagged = await site.SendAsync(HttpMethod.Head, "/v2/lab/new/manifests/v1");
        using var still = await site.SendAsync(HttpMethod.Head, $"/v2/lab/new/manifests/{Digest.Of(manifest)}");
        using var gone = await SendAsync(site, HttpMethod.Delete, $"/v2/lab/new/manifests/{Digest.Of(manifest)}");
        using var twice = await SendAsync(site, HttpMethod.Delete, $"/v2/lab/new/manifests/{Digest.Of(manifest)}");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, blob.StatusCode);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.NotFound, HttpStatusCode.OK), (tag.StatusCode, untagged.StatusCode, still.StatusCode));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.NotFound), (gone.StatusCode, twice.StatusCode));
    }

    [Theory]
    [InlineData("private")]
    [InlineData("takedown")]
    public async Task Who_only_knows_a_digest_shows_nobody_its_bytes(string how)
    {
        const string Foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar";
        var taken = new List<string>();
        await using var site = await OpenAsync((_, name) => taken.Add(name));
        byte[] output = site.Archive.Blobs.Read(Archive.Tests.Catalog.SampleArchive.DigestOf("result 1"), 1 << 10);
        foreach (var run in (Digest[])[site.Run, site.OtherRun])
        {
            if (how == "takedown")
            {
                site.TakeDown(run, Archive.Records.RecordKind.Run, "has names of patients");
            }
            else
            {
                new Restrictions(site.Archive.Layout, TimeProvider.System).Set([run], "ada", null);
            }
        }

        string eve = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("eve", "p", TokenScopes.Push | TokenScopes.Read, isPrivate: false, null);
        byte[] config = "{ }"u8.ToArray();
        await PushBlobAsync(site, config, eve);
        byte[] image = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{Describe(MediaTypes.ImageConfig, config)}},"layers":[{{Describe(Foreign, output)}}]}""");
        byte[] index = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.ImageIndex}}","manifests":[{{Describe(Manifest, image)}}]}""");
        Assert.Equal(404, await StatusOf(site, $"/blobs/{Digest.Of(output)}", eve));

        using var pushed = await PushAsync(site, "/v2/lab/eve/manifests/v1", image, token: eve);
        using var both = await PushAsync(site, "/v2/lab/eve/manifests/v2", index, MediaTypes.ImageIndex, eve);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (pushed.StatusCode, both.StatusCode));
        Assert.Empty(taken);
        Assert.Contains("a layer of it was not sent", WarningsOf(pushed));
        foreach (string? reader in (string?[])[null, eve])
        {
            Assert.Equal(200, await StatusOf(site, "/v2/lab/eve/manifests/v1", reader));
            Assert.Equal(404, await StatusOf(site, $"/blobs/{Digest.Of(output)}", reader));
            Assert.Equal(404, await StatusOf(site, $"/v2/lab/eve/blobs/{Digest.Of(output)}", reader));
        }
    }

    [Fact]
    public async Task A_layer_that_may_lie_elsewhere_is_pulled_from_here_when_it_was_sent()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        byte[] artifact = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(Artifact("a/b")).Replace("\"mediaType\":\"a/b\",", "\"mediaType\":\"a/nondistributable\",", StringComparison.Ordinal));

        using var first = await PushAsync(site, "/v2/lab/new/manifests/v1", artifact);
        using var again = await PushAsync(site, "/v2/lab/again/manifests/v1", artifact);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal(200, await StatusOf(site, $"/v2/lab/again/blobs/{Named}", null));
    }

    [Fact]
    public async Task Of_two_who_point_a_tag_at_once_the_second_is_told_and_nothing_of_his_is_kept()
    {
        await using var site = await OpenAsync();
        var pushed = new PushedManifests(site.Archive.Layout, TimeProvider.System);
        PushedManifest Of(string owner) => new()
        {
            Repository = "lab/new",
            Manifest = new Descriptor { MediaType = Manifest, Digest = Digest.Of(Encoding.ASCII.GetBytes(owner)), Size = 3 },
            Owner = owner,
        };

        Assert.Null(pushed.Put(Of("ada"), [], ["v1"]));
        Assert.Equal("v1", pushed.Put(Of("eve"), [], ["mine", "v1"]));
        Assert.Equal("ada", pushed.OwnerOfTag("lab/new", "v1"));
        Assert.Null(pushed.OwnerOfTag("lab/new", "mine"));
        Assert.Equal("ada", Assert.Single(pushed.List()).Owner);
        Assert.Null(pushed.Put(Of("keeper"), [], ["v1"], overOthers: true));
    }

    [Fact]
    public async Task A_quota_counts_the_bytes_of_manifests_too()
    {
        await using var site = await OpenAsync();
        await PushBlobAsync(site, Content);
        var pushed = new PushedManifests(site.Archive.Layout, TimeProvider.System);
        byte[] artifact = Artifact("a/b");
        byte[] wide = Artifact("a/b", $$""","annotations":{"a":"{{new string('b', 5000)}}"}""");
        pushed.SetQuota("ada", 2000);

        using var small = await PushAsync(site, "/v2/lab/new/manifests/v1", artifact);
        using var large = await PushAsync(site, "/v2/lab/new/manifests/v2", wide);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Forbidden), (small.StatusCode, large.StatusCode));
        Assert.Equal(Content.Length + artifact.Length, pushed.BytesOf("ada"));
    }

    [Fact]
    public async Task A_quota_is_kept_to()
    {
        await using var site = await OpenAsync();
        new PushedManifests(site.Archive.Layout, TimeProvider.System).SetQuota("ada", 10);

        using var response = await SendAsync(site, HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?digest={Named}", Content);

        Assert.Equal((HttpStatusCode.Forbidden, "DENIED"), (response.StatusCode, await CodeOf(response)));
    }

    [Fact]
    public async Task What_somebody_has_here_already_counts_once_when_he_sends_it_anew()
    {
        await using var site = await OpenAsync();
        byte[] empty = "{}"u8.ToArray();
        byte[] artifact = Artifact("a/b");
        await PushBlobAsync(site, Content);
        await PushBlobAsync(site, empty);
        (await PushAsync(site, "/v2/lab/new/manifests/v1", artifact)).Dispose();
        var pushed = new PushedManifests(site.Archive.Layout, TimeProvider.System);
        pushed.SetQuota("ada", pushed.BytesOf("ada"));

        using var again = await PushAsync(site, "/v2/lab/new/manifests/v2", artifact);
        using var elsewhere = await PushAsync(site, "/v2/lab/other/manifests/v1", artifact);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (again.StatusCode, elsewhere.StatusCode));
        Assert.Equal(pushed.QuotaOf("ada"), pushed.BytesOf("ada"));
    }

    [Fact]
    public async Task What_a_private_token_pushes_is_its_owners_and_what_others_have_pushed_stays_everybodys()
    {
        await using var site = await OpenAsync();
        var tokens = new TokenStore(site.Archive.Layout, TimeProvider.System);
        string ben = tokens.Create("ben", "p", TokenScopes.Push | TokenScopes.Read, isPrivate: true, null);
        byte[] shared = Artifact("a/shared");
        byte[] secret = Encoding.ASCII.GetBytes("what only Ben has");
        byte[] own = Artifact("a/own", content: secret);
        await PushBlobAsync(site, Content);
        (await PushAsync(site, "/v2/lab/ada/manifests/v1", shared)).Dispose();
        await PushBlobAsync(site, Content, ben);
        await PushBlobAsync(site, secret, ben);
        (await PushAsync(site, "/v2/lab/ben/manifests/shared", shared, token: ben)).Dispose();
        (await PushAsync(site, "/v2/lab/ben/manifests/own", own, token: ben)).Dispose();

        Assert.Equal(200, await StatusOf(site, "/v2/lab/ada/manifests/v1", null));
        Assert.Equal(200, await StatusOf(site, $"/v2/lab/ada/blobs/{Named}", null));
        foreach (string path in (string[])
            ["/v2/lab/ben/tags/list", "/v2/lab/ben/manifests/own", "/v2/lab/ben/manifests/shared", $"/v2/lab/ben/manifests/{Digest.Of(own)}",
                $"/v2/lab/ben/blobs/{Digest.Of(secret)}", $"/v2/lab/ada/blobs/{Digest.Of(secret)}", $"/blobs/{Digest.Of(secret)}", $"/blobs/{Digest.Of(own)}"])
        {
            Assert.True(await StatusOf(site, path, null) == 404, path);
            Assert.True(await StatusOf(site, path, ben) == 200, path);
        }

        Assert.DoesNotContain("lab/ben", await site.GetAsync("/v2/_catalog"));
    }

    [Fact]
    public async Task A_run_of_an_image_that_is_restricted_is_no_artifact()
    {
        await using var site = await OpenAsync();

        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.ImageRecord], "ada", null);

        Assert.Equal(200, await StatusOf(site, $"/runs/{site.Run.Hex}", null));
        Assert.Equal(404, await StatusOf(site, $"/v2/prov/manifests/run-{site.Run.Hex}", null));
        Assert.Equal(200, await StatusOf(site, $"/v2/prov/manifests/run-{site.Run.Hex}", TokenOf(site)));
    }

    [Fact]
    public async Task A_pushed_image_is_imported_under_its_name()
    {
        var taken = new List<(ImageSource Source, string Name)>();
        await using var site = await OpenAsync((source, name) => taken.Add((source, name)));
        byte[] layer = Encoding.ASCII.GetBytes("layer");
        byte[] config = "{}"u8.ToArray();
        await PushBlobAsync(site, layer);
        await PushBlobAsync(site, config);
        string json = $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{{Describe(MediaTypes.ImageConfig, config)}},"layers":[{{Describe(MediaTypes.LayerTar, layer)}}]}""";

        using var response = await PushAsync(site, "/v2/team/tool/manifests/1.2", Encoding.UTF8.GetBytes(json));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("team/tool:1.2", taken.Single().Name);
        Assert.Equal((ImagePacking.OciLayout, "1.2"), (taken[0].Source.Packing!.Value, taken[0].Source.Reference));
    }

    [Theory]
    [InlineData("private")]
    [InlineData("embargo")]
    [InlineData("takedown")]
    [InlineData("image")]
    [InlineData("replay")]
    public async Task A_bundle_that_was_pushed_is_served_no_longer_than_its_records(string how)
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        string ada = TokenOf(site);
        var bundle = BundleOf(home, home.Run);
        (await PushBundleAsync(site, bundle, ada)).Dispose();
        Digest document = Digest.Of(bundle.Layers[0]);
        string[] all =
        [
            $"/v2/prov/manifests/{bundle.Tag}", $"/v2/prov/manifests/{Digest.Of(bundle.Manifest)}", $"/v2/prov/blobs/{document}", $"/blobs/{document}",
            $"/blobs/{Digest.Of(bundle.Manifest)}", $"/v2/prov/blobs/{home.Run}", $"/v2/prov/blobs/{home.Replay}",
        ];
        foreach (string path in all)
        {
            Assert.True(await StatusOf(site, path, null) == 200, path);
        }

        Assert.Contains(bundle.Tag, await site.GetAsync("/v2/prov/tags/list"));
        string referrers = $"/v2/prov/referrers/{home.Image.Manifest.Digest}";
        Assert.Contains(Digest.Of(bundle.Manifest).Hex, await site.GetAsync(referrers));

        var restrictions = new Restrictions(site.Archive.Layout, TimeProvider.System);
        switch (how)
        {
            case "takedown":
                site.TakeDown(home.Run, Archive.Records.RecordKind.Run, "has names of patients");
                break;
            case "embargo":
                restrictions.Set([home.Run], "ada", DateTimeOffset.UtcNow.AddDays(1));
                break;
            default:
                restrictions.Set([how == "image" ? home.ImageRecord : how == "replay" ? home.Replay : home.Run], "ada", null);
                break;
        }

        string eve = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("eve", "r", TokenScopes.Read, isPrivate: false, null);
        string keeper = new TokenStore(site.Archive.Layout, TimeProvider.System).Create("keeper", "a", TokenScopes.Admin, isPrivate: false, null);
        foreach (string? reader in (string?[])[null, eve, .. how == "takedown" ? [ada, keeper] : Array.Empty<string>()])
        {
            // Without the one replay or with another record of the image the run may still be read, and is made into an artifact of its own.
            foreach (string path in how == "replay" ? [.. all[1..5], all[6]] : how == "image" ? all[1..5] : all)
            {
                Assert.True(await StatusOf(site, path, reader) == 404, $"{path} {reader}");
            }

            Assert.DoesNotContain(Digest.Of(bundle.Manifest).Hex, await TextOf(site, referrers, reader));
            Assert.Equal(how is "replay" or "image", (await TextOf(site, "/v2/prov/tags/list", reader)).Contains(bundle.Tag, StringComparison.Ordinal));
        }

        foreach (string path in how == "takedown" ? [] : all)
        {
            Assert.True(await StatusOf(site, path, ada) == 200, path);
            Assert.True(await StatusOf(site, path, keeper) == 200, path);
        }
    }

    [Fact]
    public async Task A_bundle_is_a_referrer_of_its_image_where_the_image_is_pulled_from()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        var bundle = BundleOf(home, home.Run);
        (await PushBundleAsync(site, bundle, TokenOf(site))).Dispose();
        Digest image = home.Image.Manifest.Digest;
        string artifact = Digest.Of(bundle.Manifest).ToString();

        var listed = JsonElement.Parse(await site.GetAsync(
            $"/v2/lab/tools/referrers/{image}?artifactType={Uri.EscapeDataString(BundleArtifactNames.ArtifactType)}")).GetProperty("manifests");

        Assert.Equal(artifact, Assert.Single(listed.EnumerateArray()).GetProperty("digest").GetString());
        using var pulled = await site.SendAsync(HttpMethod.Get, $"/v2/lab/tools/manifests/{artifact}");
        Assert.Equal(bundle.Manifest, await pulled.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        foreach (var file in BundleArtifactManifest.Parse(bundle.Manifest).Files)
        {
            Assert.Equal(200, await StatusOf(site, $"/v2/lab/tools/blobs/{file.Content.Digest}", null));
        }

        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([home.Run], "ada", null);
        Assert.DoesNotContain(artifact, await site.GetAsync($"/v2/lab/tools/referrers/{image}"));
        Assert.Equal(404, await StatusOf(site, $"/v2/lab/tools/manifests/{artifact}", null));
    }

    [Fact]
    public async Task What_a_bundle_that_is_withheld_shares_with_what_is_shown_stays()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        string ada = TokenOf(site);
        (await PushBundleAsync(site, BundleOf(home, home.Run), ada)).Dispose();
        (await PushBundleAsync(site, BundleOf(home, home.OtherRun), ada)).Dispose();

        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([home.Run], "ada", null);

        Assert.Equal(404, await StatusOf(site, $"/v2/prov/manifests/run-{home.Run.Hex}", null));
        await AssertPulledAsync(site, $"run-{home.OtherRun.Hex}");
        await AssertPulledAsync(site, $"run-{site.Run.Hex}");
    }

    [Fact]
    public async Task An_artifact_that_was_made_for_a_run_is_forgotten_when_the_run_is_restricted()
    {
        await using var site = await OpenAsync();
        var digests = await AssertPulledAsync(site, $"run-{site.Run.Hex}");

        new Restrictions(site.Archive.Layout, TimeProvider.System).Set([site.Run], "ada", null);

        Assert.Equal(404, await StatusOf(site, $"/v2/prov/manifests/{digests[0]}", null));
        Assert.Equal(404, await StatusOf(site, $"/v2/prov/blobs/{digests[1]}", null));
        await AssertPulledAsync(site, $"run-{site.OtherRun.Hex}");
    }

    [Fact]
    public async Task Of_a_run_that_is_taken_down_no_bundle_keeps_the_files()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        var bundle = BundleOf(home, home.Run);
        (await PushBundleAsync(site, bundle, TokenOf(site))).Dispose();
        (await PushBundleAsync(site, BundleOf(home, home.OtherRun), TokenOf(site))).Dispose();
        site.TakeDown(home.Run, Archive.Records.RecordKind.Run, "has names of patients");

        new GarbageCollector(site.Archive.Blobs, Archive.Tests.Catalog.SampleArchive.Sync, TimeProvider.System)
            .Collect(new GcOptions { OlderThan = TimeSpan.Zero }, CancellationToken.None);

        Assert.False(site.Archive.Blobs.Contains(Digest.Of(bundle.Manifest)));
        Assert.False(site.Archive.Blobs.Contains(Digest.Of(bundle.Layers[0])));
        Assert.True(site.Archive.Blobs.Contains(home.Run));
        await AssertPulledAsync(site, $"run-{home.OtherRun.Hex}");
    }

    [Fact]
    public async Task What_was_sent_in_private_is_pulled_by_all_once_it_is_public()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        var bundle = BundleOf(home, home.Run, new BundleArtifactMarks { IsPrivate = true });
        (await PushBundleAsync(site, bundle, TokenOf(site))).Dispose();
        Assert.Equal(404, await StatusOf(site, $"/v2/prov/blobs/{home.Run}", null));

        var restrictions = new Restrictions(site.Archive.Layout, TimeProvider.System);
        restrictions.Lift([.. restrictions.List().Select(one => one.Record).Where(record => record != Digest.Of(bundle.Manifest))]);

        await AssertPulledAsync(site, bundle.Tag);
        Assert.Equal(404, await StatusOf(site, $"/v2/prov/manifests/{Digest.Of(bundle.Manifest)}", null));
    }

    [Fact]
    public async Task Who_sends_in_private_what_is_public_is_told_that_it_stays_so()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        using var first = await PushBundleAsync(site, BundleOf(home, home.Run), TokenOf(site));
        using var second = await PushBundleAsync(site, BundleOf(home, home.Run, new BundleArtifactMarks { IsPrivate = true }), TokenOf(site));

        Assert.DoesNotContain("public", WarningsOf(first));
        Assert.Contains($"run '{home.Run.Abbreviated}': is public here already, and stays so", WarningsOf(second));
        await AssertPulledAsync(site, $"run-{home.Run.Hex}");
    }

    [Fact]
    public async Task What_was_sent_in_private_stays_so_when_it_is_sent_for_all_and_who_sends_it_is_told()
    {
        await using var home = await TestSite.StartAsync(AtHome);
        await using var site = await OpenAsync();
        var bundle = BundleOf(home, home.Run);
        using var first = await PushBundleAsync(site, BundleOf(home, home.Run, new BundleArtifactMarks { IsPrivate = true }), TokenOf(site));
        using var second = await PushBundleAsync(site, bundle, TokenOf(site));

        Assert.DoesNotContain("public", WarningsOf(first));
        Assert.Contains($"'{home.Run.Abbreviated}'", WarningsOf(second));
        Assert.Contains("stays so; who keeps the archive shows it to everybody with 'prov access set public ", WarningsOf(second));
        foreach (string path in (string[])
            [$"/runs/{home.Run.Hex}", $"/v2/prov/manifests/{bundle.Tag}", $"/v2/prov/manifests/{Digest.Of(bundle.Manifest)}", $"/v2/prov/blobs/{home.Run}"])
        {
            Assert.True(await StatusOf(site, path, null) == 404, path);
        }

        var restrictions = new Restrictions(site.Archive.Layout, TimeProvider.System);
        restrictions.Lift([.. restrictions.List().Select(one => one.Record)]);
        await AssertPulledAsync(site, bundle.Tag);
    }

    private static string WarningsOf(HttpResponseMessage response) =>
        string.Join('\n', response.Headers.NonValidated.TryGetValues("Warning", out var warnings) ? [.. warnings] : Array.Empty<string>());

    /// <summary>Runs that no other archive has.</summary>
    private static Archive.Records.RunRecord AtHome(Archive.Records.RunRecord run) =>
        run with { Invocation = run.Invocation with { WorkingDirectory = "/home/ada/at-home" } };

    private static (string Tag, byte[] Manifest, byte[][] Layers) BundleOf(TestSite home, Digest run, BundleArtifactMarks? marks = null)
    {
        using var finder = RecordFinder.Open(home.Archive.Blobs, Archive.Tests.Catalog.SampleArchive.Sync);
        var planner = new BundlePlanner(
            home.Archive.Blobs, finder, new ImageNames(home.Archive.Layout, home.Archive.Blobs, Archive.Tests.Catalog.SampleArchive.Sync), finder.FindProof);
        var artifact = BundleArtifact.Of(
            planner.Plan([finder.Get(run.Hex)], new ExportOptions { Replays = true }), home.Archive.Blobs, marks ?? new BundleArtifactMarks());
        return (artifact.Tag, artifact.Bytes.ToArray(), [.. artifact.Layers.Select(ReadLayer)]);

        static byte[] ReadLayer(BundleArtifactLayer layer)
        {
            using var content = layer.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private static async Task<HttpResponseMessage> PushBundleAsync(
        TestSite site, (string Tag, byte[] Manifest, byte[][] Layers) bundle, string token)
    {
        foreach (byte[] layer in bundle.Layers)
        {
            await PushBlobAsync(site, layer, token);
        }

        var response = await PushAsync(site, $"/v2/prov/manifests/{bundle.Tag}", bundle.Manifest, token: token);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return response;
    }

    /// <summary>By nobody.</summary>
    /// <returns>The digests of the manifest and of its layers.</returns>
    private static async Task<string[]> AssertPulledAsync(TestSite site, string tag)
    {
        byte[] manifest = await site.Client.GetByteArrayAsync(
            new Uri($"{site.Address}/v2/prov/manifests/{tag}"), TestContext.Current.CancellationToken);
        string[] layers = [.. BundleArtifactManifest.Parse(manifest).Files.Select(file => file.Content.Digest.ToString())];
        foreach (string layer in layers)
        {
            Assert.True(await StatusOf(site, $"/v2/prov/blobs/{layer}", null) == 200, layer);
        }

        return [Digest.Of(manifest).ToString(), .. layers];
    }

    private static async Task<string> TextOf(TestSite site, string path, string? token)
    {
        using var response = token is null
            ? await site.SendAsync(HttpMethod.Get, path)
            : await site.SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {token}"));
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static Task<TestSite> OpenAsync(Action<ImageSource, string>? take = null) => TestSite.StartAsync(options: options => options with
    {
        Writing = new WriteOptions((source, name, _) =>
        {
            take?.Invoke(source, name);
            return null;
        }),
    });

    private static string Describe(string type, byte[] content) => $$"""{"mediaType":"{{type}}","digest":"{{Digest.Of(content)}}","size":{{content.Length}}}""";

    private static byte[] Artifact(string type, string more = "", byte[]? content = null) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","artifactType":"{{type}}","config":{{Describe("application/vnd.oci.empty.v1+json", "{}"u8.ToArray())}},"layers":[{{Describe("a/b", content ?? Content)}}]{{more}}}""");

    private static string TokenOf(TestSite site) =>
        new TokenStore(site.Archive.Layout, TimeProvider.System).Create("ada", "p", TokenScopes.Push | TokenScopes.Read, isPrivate: false, null);

    private static Task<HttpResponseMessage> SendAsync(TestSite site, HttpMethod method, string path, byte[]? body = null, params (string, string)[] headers) =>
        SendAsync(site, TokenOf(site), method, path, body, headers);

    private static async Task<HttpResponseMessage> SendAsync(
        TestSite site, string token, HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(site.Address + path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            foreach (var (name, value) in headers)
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await site.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task PushBlobAsync(TestSite site, byte[] content, string? token = null)
    {
        using var response = await SendAsync(
            site, token ?? TokenOf(site), HttpMethod.Post, $"/v2/lab/new/blobs/uploads/?digest={Digest.Of(content)}", content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private static Task<HttpResponseMessage> PushAsync(TestSite site, string path, byte[] manifest, string type = Manifest, string? token = null) =>
        SendAsync(site, token ?? TokenOf(site), HttpMethod.Put, path, manifest, ("Content-Type", type));

    private static async Task<int> StatusOf(TestSite site, string path, string? token)
    {
        using var response = token is null
            ? await site.SendAsync(HttpMethod.Get, path)
            : await site.SendAsync(HttpMethod.Get, path, ("Authorization", $"Bearer {token}"));
        return (int)response.StatusCode;
    }

    private static string RangeOf(HttpResponseMessage response) => response.Headers.TryGetValues("Range", out var range) ? range.Single() : "";

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("errors")[0].GetProperty("code").GetString();
}
