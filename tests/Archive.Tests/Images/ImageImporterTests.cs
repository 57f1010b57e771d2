using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>Whole imports: every packing of one image, what is kept of it, and what is refused.</summary>
public sealed class ImageImporterTests : IDisposable
{
    private static readonly byte[] Lower = TarBuilder.New().Folder("etc").File("etc/motd", "old").File("etc/gone").Build();
    private static readonly byte[] Upper = TarBuilder.New().Folder("etc").File("etc/motd", "hello").File("etc/.wh.gone").Build();
    private static readonly byte[] Flat = TarBuilder.New().Folder("./").Folder("./etc/").File("./etc/motd", "hello").Build();

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_packing_of_the_same_files_gives_the_same_tree()
    {
        string oci = _bench.PathOf("layout");
        foreach (var (name, content) in Packer.OciLayout(("linux/amd64", [Packer.Gzip(Lower), Packer.Gzip(Upper)])))
        {
            _bench.Put($"layout/{name}", content);
        }

        string[] sources =
        [
            _bench.Put("plain.tar", Flat),
            _bench.Put("gzip.tar", Packer.Gzip(Flat)),
            _bench.Put("zstd.tar", Packer.Zstd(Flat)),
            _bench.Put("bzip2.tar", Packer.Bzip2(Flat)),
            _bench.Put("docker.tar", Packer.DockerArchive("a:1", Lower, Upper)),
            _bench.Put("docker.tar.gz", Packer.Gzip(Packer.DockerArchive("a:1", Lower, Upper))),
            _bench.Put("docker-gz.tar", WithCompressedLayers()),
            _bench.Put("legacy.tar", Packer.LegacyArchive(true, Lower, Upper)),
            _bench.Put("older.tar", Packer.LegacyArchive(false, Lower, Upper)),
            oci,
            $"oci:{oci}",
            _bench.Put("oci.tar", Packer.Tar([.. Packer.OciLayout(("linux/amd64", [Lower, Upper]))])),
            _bench.Put("oci.tar.zst", Packer.Zstd(Packer.Tar([.. Packer.OciLayout(("linux/amd64", [Lower, Upper]))]))),
        ];
        var trees = sources.Select(source => _bench.Import(source).Tree).Distinct().ToArray();
        Assert.Single(trees);
    }

    [Fact]
    public void Importing_twice_gives_the_same_record()
    {
        string source = _bench.Put("docker.tar", Packer.DockerArchive("a:1", Lower, Upper));
        var first = _bench.Import(source);
        var second = _bench.Import(source);
        Assert.Equal(first.Manifest, second.Manifest);
        Assert.Equal(first.Record.Tree, second.Record.Tree);
        Assert.Equal(["a:1"], second.SourceNames);
    }

    [Fact]
    public void The_record_says_what_is_in_the_image()
    {
        byte[] tar = TarBuilder.New().Device("dev", '3').File("su", "four", 0x9ED).Folder("t", 0x3FF).Build();
        var record = _bench.Import(_bench.Put("a.tar", tar)).Record;
        Assert.Equal((3, 4L), (record.Entries, record.UnpackedBytes));
        Assert.Equal(["dev"], record.DeviceNodes);
        Assert.Equal(["su"], record.SetIdFiles);
        Assert.Equal("tar", record.Packing);
        Assert.Equal(record.Layers[0].Blob.Digest, record.Layers[0].DiffId);
        Assert.All([record.Manifest, record.Config, record.Tree, record.Layers[0].Blob], blob => Assert.Equal(128, blob.Sha512?.Length));
    }

    [Fact]
    public void Bytes_are_kept_as_they_came()
    {
        var files = Packer.OciLayout(("linux/amd64", [Packer.Gzip(Flat)]));
        var image = _bench.Import(_bench.Put("oci.tar", Packer.Tar([.. files])));
        foreach (var (name, content) in files.Where(file => file.Name.StartsWith("blobs", StringComparison.Ordinal)))
        {
            Assert.Equal(content, _bench.Blobs.Read(Digest.Parse($"sha256:{name[^64..]}"), 1 << 20));
        }

        Assert.Equal(MediaTypes.LayerTarGzip, image.Record.Layers[0].Blob.MediaType);
    }

    [Fact]
    public void A_layer_whose_compression_OCI_does_not_know_is_kept_decompressed()
    {
        var layer = _bench.Import(_bench.Put("a.tar.bz2", Packer.Bzip2(Flat))).Record.Layers.Single();
        Assert.Equal("bzip2", layer.DecompressedFrom);
        Assert.Equal(MediaTypes.LayerTar, layer.Blob.MediaType);
        Assert.Equal(Digest.Of(Flat), layer.Blob.Digest);
    }

    [Theory]
    [InlineData("v1", null, "linux/amd64")]
    [InlineData("v2", null, "linux/amd64/v2")]
    [InlineData("v3", null, "linux/amd64/v3")]
    [InlineData("v4", null, "linux/amd64/v3")]
    [InlineData("v1", "linux/amd64/v3", "linux/amd64/v3")]
    [InlineData("v4", "linux/arm64", "linux/arm64/v8")]
    public void The_best_platform_that_runs_here_is_taken(string level, string? asked, string expected)
    {
        string source = MultiPlatform();
        var image = _bench.Import(source, null, ImportBench.Options with
        {
            Host = new Platform { Os = "linux", Architecture = "amd64", Variant = level },
            Platform = asked?.Split('/') is { } parts
                ? new Platform { Os = parts[0], Architecture = parts[1], Variant = parts.ElementAtOrDefault(2) }
                : null,
        });
        Assert.Equal(expected, image.Platform.ToString());
        Assert.NotNull(image.Index);
        Assert.True(_bench.Blobs.Contains(image.Index.Digest));
    }

    [Fact]
    public void Without_a_platform_for_this_machine_nothing_is_taken()
    {
        var refused = Assert.Throws<ImageException>(() => _bench.Import(MultiPlatform(), null, ImportBench.Options with
        {
            Host = new Platform { Os = "linux", Architecture = "riscv64" },
        }));
        Assert.Contains(
            "is not for 'linux/riscv64', only for 'linux/amd64', 'linux/amd64/v2', 'linux/amd64/v3', 'linux/arm64/v8'",
            refused.Message,
            StringComparison.Ordinal);
        _bench.AssertNothingLeft();
    }

    [Fact]
    public void What_is_kept_can_be_unpacked_again()
    {
        var first = new MemoryTree();
        var image = _bench.Import(_bench.Put("docker.tar", Packer.DockerArchive("a:1", Lower, Upper)), first);
        var again = new MemoryTree();
        new ImageImporter(_bench.Blobs).Unpack(image.Manifest, image.Tree, again, null, TestContext.Current.CancellationToken);
        Assert.Equal(first.Entries, again.Entries);
        Assert.Equal((image.Tree, image.Tree), (first.Committed, again.Committed));
        Assert.Equal(["etc", "etc/motd"], again.Entries.Keys);
    }

    [Fact]
    public void An_archive_of_several_images_asks_which()
    {
        byte[] layer = Flat;
        byte[] config = Packer.Config("amd64", layer);
        string entry = """{"Config":"c.json","RepoTags":["NAME"],"Layers":["l.tar"]}""";
        string manifest = $"[{entry.Replace("NAME", "x/a:1", StringComparison.Ordinal)},{entry.Replace("NAME", "b:2", StringComparison.Ordinal)}]";
        string source = _bench.Put("two.tar", Packer.Tar(("l.tar", layer), ("c.json", config), ("manifest.json", Packer.Json(manifest))));
        var refused = Assert.Throws<ImageException>(() => _bench.Import(source));
        Assert.Contains("name one of 'x/a:1', 'b:2'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["x/a:1"], _bench.Import($"docker-archive:{source}:a:1").SourceNames);
        Assert.Equal(["b:2"], _bench.Import($"docker-archive:{source}:b:2").SourceNames);
    }

    [Fact]
    public void A_layer_that_is_a_link_to_another_is_that_other()
    {
        byte[] config = Packer.Config("amd64", Flat, Flat);
        string manifest = """[{"Config":"c.json","RepoTags":null,"Layers":["a/layer.tar","b/layer.tar"]}]""";
        byte[] archive = TarBuilder.New()
            .Entry('0', "a/layer.tar", Flat)
            .Link("b/layer.tar", "../a/layer.tar")
            .Entry('0', "c.json", config)
            .Entry('0', "manifest.json", Packer.Json(manifest))
            .Build();
        Assert.Equal(2, _bench.Import(_bench.Put("a.tar", archive)).Record.Layers.Count);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "truncated", "tar: ends in the middle of an entry" },
        { "truncated gzip", "layer 1: tar: ends in the middle of an entry" },
        { "flipped", "layer 1: content has digest" },
        { "wrong diff_id", "layer 1: content has digest" },
        { "wrong size", "its descriptor says" },
        { "too few diff_ids", "has 1 layers, its config 2 diff_ids" },
        { "bomb", "unpacks to more than 200 times its" },
        { "many entries", "has more than 5 entries" },
        { "large files", "its files have more than 100 bytes" },
        { "huge manifest", "at most 8388608 are allowed" },
        { "deep JSON", "is no JSON of the expected form" },
        { "duplicate member", "has 'manifest.json' twice" },
        { "missing layer", "has no 'nope'" },
        { "link out of the archive", "leads out of the archive by a link" },
        { "cyclic links", "leads through more than 40 links" },
        { "config digest", "content has digest" },
        { "index in an index", "is not what its type" },
        { "schema 1", "is of Docker's schema 1, which cannot be read" },
        { "not an image", "is no tar, compressed or not, and no folder" },
        { "windows", "is for 'windows', not for Linux" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_archives_are_refused_with_one_clear_line_and_nothing_is_left(string kind, string message)
    {
        string source = _bench.Put("hostile.tar", Make(kind));
        var tree = new MemoryTree();
        var limits = kind switch
        {
            "many entries" => ImportLimits.Default with { MaxEntries = 5 },
            "large files" => ImportLimits.Default with { MaxUnpackedBytes = 100 },
            "bomb" => ImportLimits.Default with { FreeExpansionBytes = 1 << 20 },
            _ => ImportLimits.Default,
        };
        var refused = Assert.ThrowsAny<ArchiveException>(() => _bench.Import(source, tree, ImportBench.Options with { Limits = limits }));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.True(tree.Aborted);
        _bench.AssertNothingLeft();
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        string source = _bench.Put("a.tar", Flat);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new ImageImporter(_bench.Blobs).Import(
            ImageSource.Parse(source), ImportBench.Options, null, null, cancelled.Token));
        _bench.AssertNothingLeft();
    }

    private string MultiPlatform() => _bench.Put("multi.tar", Packer.Tar([.. Packer.OciLayout(
        ("linux/amd64", [Flat]), ("linux/amd64/v2", [Lower]), ("linux/amd64/v3", [Upper]), ("linux/arm64/v8", [Flat]))]));

    /// <summary>Text that hardly compresses, always the same.</summary>
    private static string Noise(int length)
    {
        var text = new StringBuilder(length);
        for (uint state = 1; text.Length < length; state = (state * 1_664_525) + 1_013_904_223)
        {
            text.Append((char)('!' + (state >> 16) % 90));
        }

        return text.ToString();
    }

    private static byte[] WithCompressedLayers()
    {
        byte[] config = Packer.Config("amd64", Lower, Upper);
        return Packer.Tar(
            ("manifest.json", Packer.Json("""[{"Config":"config.json","RepoTags":[],"Layers":["1.tar.gz","2.tar.zst"]}]""")),
            ("config.json", config),
            ("1.tar.gz", Packer.Gzip(Lower)),
            ("2.tar.zst", Packer.Zstd(Upper)));
    }

    private static byte[] Make(string kind)
    {
        byte[] docker = Packer.DockerArchive("a:1", Flat);
        var oci = Packer.OciLayout(("linux/amd64", [Packer.Gzip(Flat)])).ToList();
        return kind switch
        {
            "truncated" => docker[..^3000],
            "truncated gzip" => Packer.Gzip(TarBuilder.New().File("etc/x", Noise(200_000)).Build())[..^1000],
            "flipped" => OciWith(oci, 1, content => [.. content[..4], (byte)(content[4] ^ 1), .. content[5..]]),
            "wrong diff_id" => Docker(Packer.Config("amd64", Lower), "c.json", Flat),
            "wrong size" => OciWith(oci, 1, content => [.. content, 0]),
            "too few diff_ids" => Docker(Packer.Config("amd64", Flat, Flat), "c.json", Flat),
            "bomb" => Packer.Gzip(TarBuilder.New().Entry('0', "a", new byte[16 << 20]).Build()),
            "many entries" => TarBuilder.New().File("a").File("b").File("c").File("d").File("e").File("f").Build(),
            "large files" => TarBuilder.New().File("a", new string('x', 60)).File("b", new string('x', 60)).Build(),
            "huge manifest" => Packer.Tar(("manifest.json", new byte[(8 << 20) + 1])),
            "deep JSON" => Packer.Tar(("manifest.json", Packer.Json("[" + new string('[', 60) + new string(']', 60) + "]"))),
            "duplicate member" => TarBuilder.New().File("manifest.json", "[]").File("manifest.json", "[]").Build(),
            "missing layer" => Packer.Tar(("manifest.json", Packer.Json("""[{"Config":"c","Layers":["nope"]}]""")), ("c", Packer.Config("amd64", Flat))),
            "link out of the archive" => TarBuilder.New().File("manifest.json", "[]").Link("x", "../../etc/passwd").Build(),
            "cyclic links" => TarBuilder.New().Link("manifest.json", "b").Link("b", "manifest.json").Build(),
            "config digest" => Docker(Packer.Config("amd64", Flat), new string('a', 64) + ".json", Flat),
            "index in an index" => Confused(),
            "schema 1" => Schema1(),
            "not an image" => "hello, world, this is just some text"u8.ToArray(),
            "windows" => Docker(Packer.Json("""{"architecture":"amd64","os":"windows","rootfs":{"diff_ids":["sha256:DIGEST"]}}"""
                .Replace("DIGEST", Digest.Of(Flat).Hex, StringComparison.Ordinal)), "c.json", Flat),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static byte[] Docker(byte[] config, string configName, byte[] layer) => Packer.Tar(
        ("manifest.json", Packer.Json($$"""[{"Config":"{{configName}}","Layers":["l.tar"]}]""")), (configName, config), ("l.tar", layer));

    /// <summary>Changes one blob under its old name.</summary>
    private static byte[] OciWith(List<(string Name, byte[] Content)> files, int which, Func<byte[], byte[]> change)
    {
        files[which] = (files[which].Name, change(files[which].Content));
        return Packer.Tar([.. files]);
    }

    private static byte[] Confused() => Named(
        """{"schemaVersion":2,"manifests":[],"layers":[],"config":{"mediaType":"x","digest":"x","size":1}}""", MediaTypes.ImageManifest);

    private static byte[] Schema1() => Named(
        """{"schemaVersion":1,"name":"a","fsLayers":[{"blobSum":"sha256:x"}],"history":[]}""",
        "application/vnd.docker.distribution.manifest.v1+prettyjws");

    private static byte[] Named(string manifest, string mediaType)
    {
        byte[] bytes = Packer.Json(manifest);
        var digest = Digest.Of(bytes);
        string index = $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{mediaType}}","digest":"{{digest}}","size":{{bytes.Length}} }] }""";
        return Packer.Tar(("index.json", Packer.Json(index)), ("oci-layout", Packer.Json("{}")), ($"blobs/sha256/{digest.Hex}", bytes));
    }
}
