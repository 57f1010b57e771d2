using System.Net;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Tests.Catalog;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What somebody calls something that he sends in private is his, also where others have sent the same for everybody.</summary>
public sealed class PrivateTagTests
{
    private const string Secret = "trial-of-patients";

    [Fact]
    public async Task A_tag_that_is_pushed_in_private_to_what_is_public_is_its_owners()
    {
        await using var site = await Pusher.OpenAsync();
        var (ada, ben) = (new Pusher(site, "ada"), new Pusher(site, "ben", isPrivate: true));
        byte[] content = Pusher.Random(100);
        byte[] manifest = Pusher.Artifact(content);
        Assert.Equal(HttpStatusCode.Created, await ada.PushBlobAsync(content));
        using var first = await ada.PushAsync("lab/new", "v1", manifest);

        using var second = await ben.PushAsync("lab/new", Secret, manifest);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Contains(Secret, await ben.GetAsync("/v2/lab/new/tags/list"));
        Assert.Equal(HttpStatusCode.OK, await ben.StatusOf($"/v2/lab/new/manifests/{Secret}"));
        Assert.Contains("\"v1\"", await site.GetAsync("/v2/lab/new/tags/list"));
        Assert.DoesNotContain(Secret, await site.GetAsync("/v2/lab/new/tags/list"));
        Assert.DoesNotContain(Secret, await ada.GetAsync("/v2/lab/new/tags/list"));
        Assert.Equal("404", await site.FollowAsync($"/v2/lab/new/manifests/{Secret}"));
        Assert.Equal(HttpStatusCode.NotFound, await ada.StatusOf($"/v2/lab/new/manifests/{Secret}"));
    }

    [Fact]
    public async Task An_image_that_is_pushed_in_private_is_called_so_on_no_page_and_in_no_record()
    {
        var taken = new List<ImageSource>();
        await using var site = await Pusher.OpenAsync((site, source, name, _) =>
        {
            taken.Add(source);
            new ImageNames(site.Archive.Layout, site.Archive.Blobs, SampleArchive.Sync).Set(name, site.Image, site.ImageRecord);
            return null;
        });
        var ben = new Pusher(site, "ben", isPrivate: true);
        byte[] manifest = site.Archive.Blobs.Read(site.Image.Manifest.Digest, 1 << 20);

        using var pushed = await ben.PushAsync("lab/tools", Secret, manifest, site.Image.Manifest.MediaType);

        Assert.Equal(HttpStatusCode.Created, pushed.StatusCode);
        Assert.DoesNotContain(Secret, Assert.Single(taken).ToString() + taken[0].Reference);
        string digest = site.Image.Manifest.Digest.ToString();
        Assert.Contains(Secret, await ben.GetAsync($"/images/{digest}"));
        foreach (string address in (string[])
            ["/", "/images", $"/images/{digest}", "/api/v1/images", $"/lookup?q={site.Image.Manifest.Digest.Hex}", "/v2/_catalog", "/v2/lab/tools/tags/list", "/sitemap.xml"])
        {
            using var response = await site.SendAsync(HttpMethod.Get, address);
            Assert.DoesNotContain(Secret, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal("404", await site.FollowAsync($"/images/lab/tools:{Secret}"));
        Assert.Equal("404", await site.FollowAsync($"/lookup?q=lab/tools:{Secret}"));
        Assert.Equal("404", await site.FollowAsync($"/v2/lab/tools/manifests/{Secret}"));
    }

    [Fact]
    public async Task Its_owner_shows_a_tag_to_all_by_pushing_it_for_all_and_hides_none_by_pushing_it_in_private()
    {
        await using var site = await Pusher.OpenAsync();
        var (own, all) = (new Pusher(site, "ben", isPrivate: true), new Pusher(site, "ben"));
        byte[] content = Pusher.Random(100);
        byte[] manifest = Pusher.Artifact(content);
        await own.PushBlobAsync(content);
        (await own.PushAsync("lab/new", Secret, manifest)).Dispose();
        Assert.Equal("404", await site.FollowAsync("/v2/lab/new/tags/list"));

        (await all.PushAsync("lab/new", "v1", manifest)).Dispose();
        Assert.DoesNotContain(Secret, await site.GetAsync("/v2/lab/new/tags/list"));
        (await own.PushAsync("lab/new", "v2", manifest)).Dispose();
        Assert.Contains("\"v1\"", await site.GetAsync("/v2/lab/new/tags/list"));
        Assert.Equal("200", await site.FollowAsync("/v2/lab/new/manifests/v1"));
        (await all.PushAsync("lab/new", Secret, manifest)).Dispose();

        Assert.Equal("200", await site.FollowAsync($"/v2/lab/new/manifests/{Secret}"));
        Assert.Equal("404", await site.FollowAsync("/v2/lab/new/manifests/v2"));
    }

    [Fact]
    public void A_tag_under_embargo_is_shown_when_that_ends()
    {
        using var archive = new SampleArchive();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var pushed = new PushedManifests(archive.Layout, time);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        PushedManifest manifest = new()
        {
            Repository = "lab/new",
            Manifest = new Descriptor { MediaType = Pusher.Image, Digest = SampleArchive.DigestOf("manifest"), Size = 8 },
            Owner = "ada",
        };
        Assert.Null(pushed.Put(manifest, [], ["v1"]));
        Assert.Null(pushed.Put(manifest with { IsPrivate = true, PublicAt = end }, [], ["v2"]));

        var before = Audience.Public.ScopeIn(archive.Blobs, SampleArchive.Sync, time);
        time.Advance(TimeSpan.FromDays(2));
        var after = Audience.Public.ScopeIn(archive.Blobs, SampleArchive.Sync, time);

        Assert.Equal("lab/new:v2", Assert.Single(before.HiddenNames));
        Assert.Equal(end, before.ValidUntil);
        Assert.Empty(after.HiddenNames);
        Assert.Null(after.ValidUntil);
    }
}
