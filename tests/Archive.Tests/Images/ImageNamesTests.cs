using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>index.json: what a name means, and that every OCI tool can read it.</summary>
public sealed class ImageNamesTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_archive_without_an_index_holds_no_image()
    {
        Assert.Empty(_bench.Names.List());
        Assert.Null(_bench.Names.Find("debian"));
        Assert.False(_bench.Names.Remove("debian"));
        Assert.Equal("image 'debian': not in the archive", Assert.Throws<ImageException>(() => _bench.Names.Resolve("debian")).Message);
    }

    [Fact]
    public void An_image_is_found_by_name_by_digest_and_by_the_beginning_of_one()
    {
        var image = Import("a");
        _bench.Names.Set("group/debian:12", image, image.Tree);
        _bench.Names.Set("tool:latest", image, image.Tree);
        string[] references =
        [
            "group/debian:12", "tool:latest", "tool", image.Manifest.Digest.ToString(), image.Tree.ToString(),
            image.Manifest.Digest.Hex, image.Manifest.Digest.Hex[..4], "sha256:" + image.Tree.Hex[..8],
        ];
        Assert.All(references, reference => Assert.Equal(image.Manifest.Digest, _bench.Names.Resolve(reference).Manifest.Digest));
        Assert.All(["debian", "group/debian", image.Manifest.Digest.Hex[..3], "TOOL"], reference => Assert.Null(_bench.Names.Find(reference)));
        var stored = _bench.Names.Resolve("tool");
        Assert.Equal(("linux/amd64", image.Tree, image.Config.Digest), (stored.Platform.ToString(), stored.Record, stored.ConfigBlob.Digest));
        Assert.Single(stored.Layers);
    }

    [Fact]
    public void What_could_mean_several_images_names_them()
    {
        // Two manifests with one tree: the tree's digest means both.
        var plain = _bench.Import(_bench.Put("a.tar", TarBuilder.New().File("a").Build()));
        var gzip = _bench.Import(_bench.Put("a.tar.gz", Packer.Gzip(TarBuilder.New().File("a").Build())));
        _bench.Names.Set("plain", plain, null);
        _bench.Names.Set(null, gzip, null);
        var refused = Assert.Throws<ImageException>(() => _bench.Names.Find(plain.Tree.Hex[..12]));
        Assert.Contains($"'{plain.Manifest.Digest.Abbreviated}' (plain)", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{gzip.Manifest.Digest.Abbreviated}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_moves_and_the_image_that_loses_it_stays_listed()
    {
        var (old, fresh) = (Import("old"), Import("new"));
        _bench.Names.Set("a", old, null);
        _bench.Names.Set("a", fresh, null);
        Assert.Equal(["a", null], _bench.Names.List().Select(image => image.Name));
        Assert.Equal(fresh.Manifest.Digest, _bench.Names.Resolve("a").Manifest.Digest);
        Assert.Equal(old.Manifest.Digest, _bench.Names.Resolve(old.Manifest.Digest.Hex).Manifest.Digest);
    }

    [Fact]
    public void Removing_a_name_leaves_the_others_and_removing_by_digest_leaves_none()
    {
        var image = Import("a");
        _bench.Names.Set("a", image, null);
        _bench.Names.Set("b", image, null);
        _bench.Names.Set("c", image, null);
        Assert.True(_bench.Names.Remove("b"));
        Assert.Equal(["a", "c"], _bench.Names.List().Select(entry => entry.Name));
        Assert.True(_bench.Names.Remove(image.Manifest.Digest.Hex[..12]));
        Assert.Empty(_bench.Names.List());
    }

    [Fact]
    public void An_image_without_a_name_is_listed_once_and_gains_one()
    {
        var image = Import("a");
        _bench.Names.Set(null, image, null);
        _bench.Names.Set(null, image, null);
        Assert.Null(Assert.Single(_bench.Names.List()).Name);
        _bench.Names.Set("a", image, null);
        Assert.Equal("a", Assert.Single(_bench.Names.List()).Name);
        _bench.Names.Set(null, image, null);
        Assert.Equal("a", Assert.Single(_bench.Names.List()).Name);
    }

    [Fact]
    public void What_another_tool_listed_stays()
    {
        _bench.Names.Set("a", Import("a"), null);
        string other = """{"mediaType":"application/x","digest":"sha256:00","size":1,"annotations":{"k":"v"}}""";
        string index = File.ReadAllText(_bench.Layout.Index);
        using (var file = File.Create(_bench.Layout.Index))
        {
            file.Write(Packer.Json(index.Replace("\"manifests\":[", $"\"manifests\":[{other},", StringComparison.Ordinal)));
        }

        _bench.Names.Set("b", Import("b"), null);
        Assert.Contains("\"k\":\"v\"", File.ReadAllText(_bench.Layout.Index), StringComparison.Ordinal);
        Assert.Equal(["a", "b"], _bench.Names.List().Select(image => image.Name));
    }

    [Fact]
    public async Task Many_at_once_lose_nothing()
    {
        var image = Import("a");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => new ImageNames(_bench.Layout, _bench.Blobs, static _ => { }).Set($"n{i}", image, null),
            TestContext.Current.CancellationToken)));
        Assert.Equal(8, _bench.Names.List().Count);
    }

    [Theory]
    [InlineData("debian", true)]
    [InlineData("debian-12.5_x:tag", true)]
    [InlineData("registry.example:5000/group/a--b:1", true)]
    [InlineData("A", true)]
    [InlineData("", false)]
    [InlineData("a/", false)]
    [InlineData("/a", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("../a", false)]
    [InlineData("-a", false)]
    [InlineData("sha256:abcd", false)]
    public void A_name_is_one_that_every_tool_takes(string name, bool taken)
    {
        Assert.Equal(taken, ImageNames.IsName(name));
        if (!taken)
        {
            Assert.Throws<ImageException>(() => _bench.Names.Set(name, Import("x"), null));
        }
    }

    private ImportedImage Import(string content) =>
        _bench.Import(_bench.Put($"{content}.tar", TarBuilder.New().File("f", content).Build()));
}
