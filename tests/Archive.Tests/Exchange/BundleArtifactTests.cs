using System.Text;
using System.Text.Json.Nodes;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>A bundle as an artifact is the bundle: what goes in as layers comes out as it does of a tar.</summary>
public sealed class BundleArtifactTests : IDisposable
{
    private static readonly Dictionary<string, (Action<JsonObject> Attack, string Message)> Attacks = new()
    {
        ["another type"] = (Set("artifactType", "application/x-other"), "is an artifact of type 'application/x-other'"),
        ["no type"] = (manifest => manifest.Remove("artifactType"), "is an artifact of type ''"),
        ["an index"] = (Set("mediaType", MediaTypes.ImageIndex), "is of schema '2' and type '" + MediaTypes.ImageIndex),
        ["another schema"] = (Set("schemaVersion", 1), "is of schema '1'"),
        ["a text for a number"] = (Set("schemaVersion", "2"), "is no JSON of the expected form at '$.schemaVersion'"),
        ["a config of its own"] = (manifest => manifest["config"]!["size"] = 3, "has a config that is not the empty object"),
        ["no config"] = (manifest => manifest.Remove("config"), "has a config that is not the empty object"),
        ["no layers"] = (manifest => manifest.Remove("layers"), "its first layer is not 'BUNDLE.json'"),
        ["an empty list of layers"] = (manifest => manifest["layers"] = new JsonArray(), "its first layer is not 'BUNDLE.json'"),
        ["BUNDLE.json second"] = (Layers(layers => { var first = layers[0]; layers.RemoveAt(0); layers.Insert(1, first); }), "its first layer is not"),
        ["a layer twice"] = (Layers(layers => layers.Add(layers[1]!.DeepClone())), "stands there twice"),
        ["a layer without a title"] = (Layers(layers => ((JsonObject)layers[1]!).Remove("annotations")), "layer 1 has no annotation 'org.opencontainers.image.title'"),
        ["a title that climbs"] = (Title("../evil"), "entry '../evil': leads out of the bundle"),
        ["an absolute title"] = (Title("/etc/passwd"), "is an absolute path"),
        ["a title of no bundle"] = (Title("evil.sh"), "is no part of a bundle"),
        ["a title in another case"] = (Title("readme.md"), "is 'README.md' in another case"),
        ["a blob that is another layer"] = (Title("blobs/sha256/" + new string('0', 64)), "is the layer 'sha256:"),
        ["a layer of another type"] = (Layers(layers => layers[1]!["mediaType"] = "text/html"), "is of type 'text/html', expected 'application/octet-stream'"),
        ["BUNDLE.json of another type"] = (Layers(layers => layers[0]!["mediaType"] = MediaTypes.OctetStream), "entry 'BUNDLE.json': is of type"),
        ["a layer without a size"] = (Layers(layers => ((JsonObject)layers[1]!).Remove("size")), "has a malformed descriptor"),
        ["a negative size"] = (Layers(layers => layers[1]!["size"] = -1), "has a malformed descriptor"),
        ["a size out of bounds"] = (Layers(layers => layers[1]!["size"] = 1e30), "is no JSON of the expected form"),
        ["a digest that is none"] = (Layers(layers => layers[1]!["digest"] = "sha256:ABC"), "has a malformed descriptor"),
        ["a digest of sha512"] = (Layers(layers => layers[1]!["digest"] = "sha512:" + new string('0', 128)), "has a malformed descriptor"),
        ["a malformed subject"] = (manifest => manifest["subject"] = new JsonObject(), "its subject has a malformed descriptor"),
        ["no roots"] = (manifest => manifest.Remove("annotations"), "has no annotation 'org.prov.roots'"),
        ["roots that are none"] = (Annotation("org.prov.roots", "x"), "has a root that is no sha256 digest"),
        ["a visibility unheard of"] = (Annotation("org.prov.visibility", "privat"), "annotation 'org.prov.visibility' is not 'private'"),
        ["a date that is none"] = (Annotation("org.prov.embargo-until", "2030-02-30"), "is no date"),
    };

    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();

    public static TheoryData<string> AttackNames => [.. Attacks.Keys];

    public void Dispose()
    {
        _sample.Dispose();
        _receiver.Dispose();
    }

    [Fact]
    public void The_same_records_give_the_same_bytes()
    {
        var first = Make();
        var second = Make();

        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Equal(first.Manifest, second.Manifest);
        Assert.Equal($"run-{_sample.Run.Hex}", first.Tag);
        Assert.True(BundleArtifactNames.TryParseTag(first.Tag, out var root));
        Assert.Equal(_sample.Run, root);
    }

    [Fact]
    public void Its_layers_are_the_files_of_the_tar_in_their_order()
    {
        var artifact = Make();
        var files = BundleFiles.Of(_sample.Export());

        Assert.Equal(files.Names, artifact.Layers.Select(layer => layer.Name));
        Assert.All(artifact.Layers, layer =>
        {
            byte[] content = files[layer.Name];
            Assert.Equal((Digest.Of(content), content.Length), (layer.Content.Digest, layer.Content.Size));
            using var opened = layer.Open();
            Assert.Equal(layer.Content.Digest, Digest.Of(opened));
        });
    }

    [Fact]
    public void It_refers_to_the_image_of_the_run()
    {
        var image = (ImageRecord)RecordJson.ParsePredicate(RecordKind.Image, _sample.Archive.Blobs.Read(_sample.Image, CanonicalJson.MaxBytes));

        var manifest = BundleArtifactManifest.Parse(Make().Bytes.Span);

        Assert.Equal(image.Manifest with { Sha512 = null }, manifest.Subject);
        Assert.Equal([_sample.Run], manifest.Roots);
        Assert.Null(BundleArtifactManifest.Parse(Make(roots: _sample.Image).Bytes.Span).Subject);
    }

    [Fact]
    public void What_it_brings_is_what_the_tar_brings()
    {
        var artifact = Make();
        using var other = new Receiver();

        var byArtifact = _receiver.Import(Source(artifact));
        var byTar = other.Import(_sample.Export());

        Assert.Equal(byTar.Roots, byArtifact.Roots);
        Assert.Equal(byTar.Records.Select(record => record.Record), byArtifact.Records.Select(record => record.Record));
        Assert.Equal((byTar.BlobCount, byTar.BlobBytes, byTar.NewBlobs), (byArtifact.BlobCount, byArtifact.BlobBytes, byArtifact.NewBlobs));
        Assert.Equal(byTar.Names, byArtifact.Names);
        Assert.Equal(
            other.Blobs.Enumerate().Order(Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.Hex, b.Hex))),
            _receiver.Blobs.Enumerate().Order(Comparer<Digest>.Create((a, b) => string.CompareOrdinal(a.Hex, b.Hex))));
        Assert.Empty(_receiver.Fsck().Findings);
    }

    [Fact]
    public void Marks_come_back_as_they_were_given()
    {
        var marks = new BundleArtifactMarks { IsPrivate = true, EmbargoUntil = new DateOnly(2031, 1, 31) };

        var artifact = Make(marks);

        Assert.Equal(marks, BundleArtifactManifest.Parse(artifact.Bytes.Span).Marks);
        Assert.Contains("\"org.prov.embargo-until\":\"2031-01-31\"", Encoding.UTF8.GetString(artifact.Bytes.Span), StringComparison.Ordinal);
        Assert.NotEqual(Make().Manifest.Digest, artifact.Manifest.Digest);
    }

    [Theory]
    [MemberData(nameof(AttackNames))]
    public void A_malformed_manifest_is_refused(string attack)
    {
        var manifest = (JsonObject)JsonNode.Parse(Make().Bytes.Span)!;
        Attacks[attack].Attack(manifest);

        var refused = Assert.ThrowsAny<ArchiveException>(() => BundleArtifactManifest.Parse(Encoding.UTF8.GetBytes(manifest.ToJsonString())));

        Assert.Contains(Attacks[attack].Message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"schemaVersion\":2,\"schemaVersion\":2}")]
    public void What_is_no_manifest_is_refused(string json) =>
        Assert.ThrowsAny<ArchiveException>(() => BundleArtifactManifest.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_manifest_of_more_than_four_mebibytes_is_refused()
    {
        byte[] large = new byte[BundleArtifactNames.MaxManifestBytes + 1];

        var refused = Assert.Throws<BundleException>(() => BundleArtifactManifest.Parse(large));

        Assert.Contains("at most 4194304 are allowed", refused.Message, StringComparison.Ordinal);
        Assert.False(BundleArtifactManifest.IsBundle(large));
    }

    [Theory]
    [InlineData("BUNDLE.json")]
    [InlineData("README.md")]
    [InlineData("index.json")]
    [InlineData("prov.json")]
    [InlineData("blob")]
    public void A_layer_that_is_not_what_it_is_called_is_refused_and_leaves_nothing(string name)
    {
        var artifact = Make();
        var target = artifact.Layers.First(layer => name == "blob" ? layer.Name.StartsWith("blobs/", StringComparison.Ordinal) : layer.Name == name);
        foreach (var (change, message) in new (Func<byte[], byte[]>, string)[]
        {
            (content => [.. content[..^1], (byte)(content[^1] ^ 1)], "content has digest 'sha256:"),
            (content => content[..^1], "its descriptor says"),
            (content => [.. content, 0], "content has more than the"),
        })
        {
            using var source = Source(artifact, (layer, content) => layer.Name == target.Name ? change(content) : content);
            var refused = Assert.Throws<BundleException>(() => _receiver.Import(source));

            Assert.Contains($"'{target.Name}': {message}".Split(':')[0], refused.Message, StringComparison.Ordinal);
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
            Assert.Empty(_receiver.Blobs.Enumerate());
            Assert.Empty(_receiver.Layout.Arrivals());
        }
    }

    [Fact]
    public void Roots_that_the_bundle_does_not_have_are_refused()
    {
        var artifact = Make();
        string text = Encoding.UTF8.GetString(artifact.Bytes.Span).Replace(
            $"\"org.prov.roots\":\"{_sample.Run}\"", $"\"org.prov.roots\":\"{_sample.Image}\"", StringComparison.Ordinal);
        var manifest = BundleArtifactManifest.Parse(Encoding.UTF8.GetBytes(text));
        using var source = BundleSource.Of("sample", manifest, layer => artifact.Layers.First(other => other.Content.Digest == layer.Digest).Open());

        var refused = Assert.Throws<BundleException>(() => _receiver.Import(source));

        Assert.Contains("its roots are others than those of the annotation", refused.Message, StringComparison.Ordinal);
    }

    private static Action<JsonObject> Set(string name, JsonNode value) => manifest => manifest[name] = value.DeepClone();

    private static Action<JsonObject> Layers(Action<JsonArray> change) => manifest => change((JsonArray)manifest["layers"]!);

    private static Action<JsonObject> Title(string title) =>
        Layers(layers => layers.First(layer => layer!["annotations"]!["org.opencontainers.image.title"]!.GetValue<string>()
            .StartsWith("blobs/", StringComparison.Ordinal))!["annotations"]!["org.opencontainers.image.title"] = title);

    private static Action<JsonObject> Annotation(string name, string value) => manifest => manifest["annotations"]![name] = value;

    private static BundleSource Source(BundleArtifact artifact, Func<BundleArtifactLayer, byte[], byte[]>? change = null)
    {
        var remaining = new Queue<BundleArtifactLayer>(artifact.Layers);
        return BundleSource.Of("sample", BundleArtifactManifest.Parse(artifact.Bytes.Span), _ =>
        {
            var layer = remaining.Dequeue();
            using var opened = layer.Open();
            using var content = new MemoryStream();
            opened.CopyTo(content);
            return new MemoryStream(change?.Invoke(layer, content.ToArray()) ?? content.ToArray());
        });
    }

    private BundleArtifact Make(BundleArtifactMarks? marks = null, params Digest[] roots)
    {
        using var finder = _sample.Archive.Finder();
        var planner = new BundlePlanner(_sample.Archive.Blobs, finder, new ImageNames(_sample.Archive.Layout, _sample.Archive.Blobs, SampleArchive.Sync));
        var rows = (roots.Length == 0 ? [_sample.Run] : roots).Select(root => finder.Get(root.Hex)).ToList();
        return BundleArtifact.Of(planner.Plan(rows, new ExportOptions { Replays = true }), _sample.Archive.Blobs, marks ?? new BundleArtifactMarks());
    }
}
