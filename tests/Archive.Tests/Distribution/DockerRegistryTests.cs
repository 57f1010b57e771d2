using System.Text.Json.Nodes;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>With docker's registry at the other end, and skopeo beside us: what one sends the other gets, digest for digest.</summary>
public sealed class DockerRegistryTests : IDisposable
{
    private static readonly byte[] Lower = TarBuilder.New().Folder("etc").File("etc/motd", "old").Build();
    private static readonly byte[] Upper = TarBuilder.New().Folder("etc").File("etc/motd", "hello").Build();

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_skopeo_pushes_is_pulled_as_an_import_of_the_same_would_be(bool severalPlatforms)
    {
        using var registry = new DockerRegistry();
        string layout = Layout(severalPlatforms);
        Skopeo("copy", "--all", "--dest-tls-verify=false", $"oci:{layout}", $"docker://{registry.Host}/lab/tool:1");
        var imported = _bench.Import($"oci:{layout}");
        using var other = new ImportBench();

        var pulled = Pull(registry, other, "lab/tool:1");

        Assert.Equal($"docker://{registry.Host}/lab/tool:1", pulled.Image.Record.Source?.Reference);
        var sameSource = pulled.Image with { Record = pulled.Image.Record with { Source = imported.Record.Source } };
        Assert.Equal(RecordJson.Serialize(ImageStatement.Of(imported)), RecordJson.Serialize(ImageStatement.Of(sameSource)));
        Assert.Equal(severalPlatforms, pulled.Image.Index is not null);
        Assert.Equal(_bench.Blobs.Enumerate().Select(blob => blob.Hex).Order(), other.Blobs.Enumerate().Select(blob => blob.Hex).Order());
        Assert.Empty(other.Layout.Arrivals());
    }

    [Fact]
    public void Only_what_is_missing_is_fetched()
    {
        using var registry = new DockerRegistry();
        Skopeo("copy", "--dest-tls-verify=false", $"oci:{Layout(false)}", $"docker://{registry.Host}/lab/tool:1");
        var first = Pull(registry, _bench, "lab/tool:1");
        var second = Pull(registry, _bench, $"lab/tool@{first.Top}");

        Assert.Equal(3, first.FetchedBlobs);
        Assert.Equal((0, 0L), (second.FetchedBlobs, second.FetchedBytes));
        Assert.Equal(first.Image.Manifest, second.Image.Manifest);
    }

    [Fact]
    public void Another_platform_is_pulled_when_it_is_asked_for()
    {
        using var registry = new DockerRegistry();
        Skopeo("copy", "--all", "--dest-tls-verify=false", $"oci:{Layout(true)}", $"docker://{registry.Host}/lab/tool:1");

        var pulled = Pull(registry, _bench, "lab/tool:1", ImportBench.Options with { Platform = new Platform { Os = "linux", Architecture = "arm64" } });

        Assert.Equal("linux/arm64", pulled.Image.Platform.ToString());
    }

    [Fact]
    public void What_we_push_skopeo_pulls_digest_for_digest()
    {
        using var registry = new DockerRegistry();
        using var archive = new SampleArchive();
        var imported = _bench.Import($"oci:{Layout(false)}");
        _bench.Names.Set("tool", imported, null);
        using var client = RegistryClients.New();
        using var finder = archive.Finder();

        var reference = RegistryReference.Parse($"{registry.Host}/lab/tool:1");
        var report = new ImagePusher(_bench.Blobs, client, finder).Push(_bench.Names.Resolve("tool"), reference, null, TestContext.Current.CancellationToken);
        var again = new ImagePusher(_bench.Blobs, client, finder).Push(_bench.Names.Resolve("tool"), reference, null, TestContext.Current.CancellationToken);

        Assert.Equal((3, 0), (report.SentBlobs, report.PresentBlobs));
        Assert.Equal((0, 3), (again.SentBlobs, again.PresentBlobs));
        string inspected = Skopeo("inspect", "--tls-verify=false", $"docker://{registry.Host}/lab/tool:1");
        Assert.Equal(imported.Manifest.Digest.ToString(), JsonNode.Parse(inspected)!["Digest"]!.GetValue<string>());
        Skopeo("copy", "--src-tls-verify=false", $"docker://{registry.Host}/lab/tool:1", $"oci:{_bench.PathOf("back")}:x");
        Assert.Equal(imported.Tree, _bench.Import($"oci:{_bench.PathOf("back")}:x").Tree);
    }

    [Fact]
    public void An_index_is_pushed_with_all_its_images()
    {
        using var registry = new DockerRegistry();
        using var archive = new SampleArchive();
        var (index, _) = Index();
        using var client = RegistryClients.New();
        using var finder = archive.Finder();

        new ImagePusher(_bench.Blobs, client, finder).Push(
            index, RegistryReference.Parse($"{registry.Host}/lab/both:1"), null, TestContext.Current.CancellationToken);

        string raw = Skopeo("inspect", "--raw", "--tls-verify=false", $"docker://{registry.Host}/lab/both:1");
        Assert.Equal(index.Index.Digest, Digest.Of(System.Text.Encoding.UTF8.GetBytes(raw)));
        Skopeo("copy", "--all", "--src-tls-verify=false", $"docker://{registry.Host}/lab/both:1", $"oci:{_bench.PathOf("both")}:x");
    }

    [Fact]
    public void The_signed_record_is_a_referrer_by_the_tag_schema_where_the_registry_has_no_referrers()
    {
        using var registry = new DockerRegistry();
        using var sample = new SampleArchive();
        var record = sample.AcceptImage();
        using var finder = sample.Finder();
        var image = _bench.Import($"oci:{Layout(false)}");
        var artifact = RecordArtifact.Of(finder.Get(record.Hex), image.Manifest, sample.Blobs);
        using var client = RegistryClients.New();
        var reference = RegistryReference.Parse($"{registry.Host}/lab/tool:1");
        var cancellation = TestContext.Current.CancellationToken;
        for (int time = 0; time < 2; time++)
        {
            foreach (var (content, open) in artifact.Layers)
            {
                client.PutBlob(reference, content, open, null, null, cancellation);
            }

            client.PutBlob(reference, EmptyObject.Descriptor, () => new MemoryStream("{}"u8.ToArray()), null, null, cancellation);
            client.PutArtifact(reference.At(artifact.Manifest.Digest), artifact, cancellation);
        }

        var listed = JsonNode.Parse(client.GetManifest(reference.At($"sha256-{image.Manifest.Digest.Hex}"), cancellation).Bytes.Span)!["manifests"]!.AsArray();

        var entry = Assert.Single(listed)!;
        Assert.Equal(artifact.Manifest.Digest.ToString(), entry["digest"]!.GetValue<string>());
        Assert.Equal(RecordArtifact.ArtifactType, entry["artifactType"]!.GetValue<string>());
        Assert.Equal(artifact.Bytes.ToArray(), client.GetManifest(reference.At(artifact.Manifest.Digest), cancellation).Bytes.ToArray());
    }

    [Fact]
    public void A_large_blob_goes_in_pieces_and_comes_back()
    {
        using var registry = new DockerRegistry();
        byte[] content = [.. Enumerable.Range(0, 5_000_001).Select(i => (byte)(i * 31 >> 3))];
        var blob = new Descriptor { MediaType = MediaTypes.OctetStream, Digest = Digest.Of(content), Size = content.Length };
        using var client = new RegistryClient(RegistryClients.Options() with { ChunkBytes = 1 << 20 });
        var reference = RegistryReference.Parse($"{registry.Host}/a:1");
        long sent = 0;

        var outcome = client.PutBlob(reference, blob, () => new MemoryStream(content), null, bytes => sent += bytes, TestContext.Current.CancellationToken);

        Assert.Equal((UploadOutcome.Sent, content.Length), (outcome, sent));
        using var back = client.OpenBlob(reference, blob, 0, TestContext.Current.CancellationToken);
        Assert.Equal(blob.Digest, Digest.Of(back));
        using var rest = client.OpenBlob(reference, blob, 4_000_000, TestContext.Current.CancellationToken);
        Assert.Equal(Digest.Of(content.AsSpan(4_000_000)), Digest.Of(rest));
        Assert.Equal(UploadOutcome.AlreadyThere, client.PutBlob(reference, blob, () => new MemoryStream(content), null, null, TestContext.Current.CancellationToken));
        Assert.Equal(
            UploadOutcome.Mounted,
            client.PutBlob(RegistryReference.Parse($"{registry.Host}/b:1"), blob, () => new MemoryStream(content), "a", null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_damaged_here_is_told_and_not_sent()
    {
        using var registry = new DockerRegistry();
        var blob = new Descriptor { MediaType = MediaTypes.OctetStream, Digest = Digest.Of("good"u8), Size = 4 };
        using var client = RegistryClients.New();

        Assert.Throws<DigestMismatchException>(() => client.PutBlob(
            RegistryReference.Parse($"{registry.Host}/a:1"),
            blob,
            () => new VerifyingStream(new MemoryStream("evil"u8.ToArray()), blob),
            null,
            null,
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Whoever_has_no_login_is_told_so_and_whoever_has_is_let()
    {
        using var registry = new DockerRegistry(withLogin: true);
        string layout = Layout(false);
        Skopeo("copy", "--dest-tls-verify=false", "--dest-authfile", registry.AuthFile(), $"oci:{layout}", $"docker://{registry.Host}/lab/tool:1");

        var denied = Assert.Throws<RegistryException>(() => Pull(registry, _bench, "lab/tool:1"));

        Assert.True(denied.IsDenied);
        Assert.Contains("wants a login", denied.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Layout.Arrivals());
        var pulled = Pull(registry, _bench, "lab/tool:1", credentials: RegistryCredentials.Of(registry.AuthFile(), null));
        Assert.Equal(3, pulled.FetchedBlobs);
    }

    [Fact]
    public void Who_answers_over_TLS_must_be_vouched_for_unless_the_caller_does_not_mind()
    {
        using var registry = new DockerRegistry(withTls: true);
        var secure = RegistryReference.Parse($"https://{registry.Host}/lab/tool:1");
        var cancellation = TestContext.Current.CancellationToken;
        using var authority = registry.Certificate;

        using var strict = RegistryClients.New();
        Assert.Contains("TLS: ", Assert.Throws<RegistryException>(() => strict.IsArchive(secure, cancellation)).Message, StringComparison.Ordinal);
        using var trusting = new RegistryClient(RegistryClients.Options() with { Authorities = [authority] });
        Assert.False(trusting.IsArchive(secure, cancellation));
        var elsewhere = RegistryReference.Parse($"https://localhost:{registry.Host.Split(':')[1]}/lab/tool:1");
        Assert.Contains("TLS: ", Assert.Throws<RegistryException>(() => trusting.IsArchive(elsewhere, cancellation)).Message, StringComparison.Ordinal);
        using var careless = new RegistryClient(RegistryClients.Options() with { VerifyTls = false });
        Assert.False(careless.IsArchive(elsewhere, cancellation));
        using var plain = new DockerRegistry();
        Assert.False(careless.IsArchive(RegistryReference.Parse($"https://{plain.Host}/a"), cancellation));
        Assert.Contains("TLS: ", Assert.Throws<RegistryException>(
            () => strict.IsArchive(RegistryReference.Parse($"https://{plain.Host}/a"), cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_goes_by_a_registry_from_one_archive_into_another()
    {
        using var registry = new DockerRegistry();
        using var sample = new SampleBundle();
        using var receiver = new Receiver();
        using var client = RegistryClients.New();
        var target = RegistryReference.ParseTarget($"docker://{registry.Host}", BundleArtifactNames.Repository);
        var bundle = Plan(sample);
        var pusher = new BundlePusher(sample.Archive.Blobs, client);
        var cancellation = TestContext.Current.CancellationToken;

        var first = pusher.Push(bundle, new BundleArtifactMarks(), target, null, cancellation);
        var second = pusher.Push(bundle, new BundleArtifactMarks(), target, null, cancellation);
        var importer = new BundleImporter(receiver.Blobs, SampleArchive.Sync, TrustedCertificates.Load(receiver.Layout), receiver.Clock);
        var puller = new BundlePuller(receiver.Blobs, client, importer, receiver.Clock);
        string tag = puller.FindTag(target, sample.Run.Hex[..8], cancellation);
        var imported = puller.Pull(target.At(tag), null, cancellation);

        Assert.Equal((first.SentBlobs, 0), (second.PresentBlobs, second.SentBlobs));
        Assert.Equal($"run-{sample.Run.Hex}", tag);
        Assert.Equal([sample.Image, sample.Run, sample.Replay], imported.Records.Select(record => record.Record));
        Assert.Empty(receiver.Layout.Arrivals());
        Assert.Empty(receiver.Fsck().Findings);
        Assert.Contains("there is none in", Assert.Throws<RegistryException>(() => puller.FindTag(target, "00000000", cancellation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_private_goes_to_no_registry_but_ours()
    {
        using var registry = new DockerRegistry();
        using var sample = new SampleBundle();
        using var client = RegistryClients.New();
        var target = RegistryReference.ParseTarget(registry.Host, BundleArtifactNames.Repository);

        var refused = Assert.Throws<RegistryException>(() => new BundlePusher(sample.Archive.Blobs, client).Push(
            Plan(sample), new BundleArtifactMarks { IsPrivate = true }, target, null, TestContext.Current.CancellationToken));

        Assert.Contains("is no archive of prov", refused.Message, StringComparison.Ordinal);
        Assert.Throws<RegistryException>(() => client.FindTags(target, "", 10, TestContext.Current.CancellationToken));
    }

    private static Bundle Plan(SampleBundle sample)
    {
        using var finder = sample.Archive.Finder();
        var planner = new BundlePlanner(sample.Archive.Blobs, finder, new ImageNames(sample.Archive.Layout, sample.Archive.Blobs, SampleArchive.Sync));
        return planner.Plan([finder.Get(sample.Run.Hex)], new ExportOptions { Replays = true });
    }

    private static PulledImage Pull(
        DockerRegistry registry, ImportBench into, string reference, ImportOptions? options = null, RegistryCredentials? credentials = null)
    {
        using var client = RegistryClients.New(credentials);
        return new ImagePuller(into.Blobs, client, TimeProvider.System).Pull(
            RegistryReference.Parse($"{registry.Host}/{reference}"), options ?? ImportBench.Options, null, null, null, TestContext.Current.CancellationToken);
    }

    private string Layout(bool severalPlatforms)
    {
        byte[][] layers = [Packer.Gzip(Lower), Packer.Gzip(Upper)];
        var files = severalPlatforms
            ? Packer.OciLayout(("linux/amd64", layers), ("linux/arm64", [layers[1]]))
            : Packer.OciLayout(("linux/amd64", layers));
        foreach (var (name, content) in files)
        {
            _bench.Put($"layout/{name}", content);
        }

        return _bench.PathOf("layout");
    }

    private (NamedIndex Index, ImportedImage First) Index()
    {
        string layout = Layout(true);
        var arm = new Platform { Os = "linux", Architecture = "arm64" };
        var first = _bench.Import($"oci:{layout}");
        _bench.Names.Set("amd", first, null);
        _bench.Names.Set("arm", _bench.Import($"oci:{layout}", options: ImportBench.Options with { Platform = arm }), null);
        return (_bench.Names.SetIndex("both", [.. _bench.Names.List()]), first);
    }

    private string Skopeo(params string[] arguments)
    {
        Tool.Require("skopeo");
        var (status, output) = Tool.Run(_bench.Sources, "skopeo", arguments);
        Assert.True(status == 0, output);
        return output;
    }
}
