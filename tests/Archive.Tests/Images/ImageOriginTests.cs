using System.Text;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>What the record of an image says of where it came from, and who took it in.</summary>
public sealed class ImageOriginTests : IDisposable
{
    private static readonly byte[] Layer = TarBuilder.New().Folder("etc").File("etc/motd", "hello").Build();

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_reference_has_its_transport_and_no_folder()
    {
        foreach (var (name, content) in Packer.OciLayout(("linux/amd64", [Layer])))
        {
            _bench.Put($"layout/{name}", content);
        }

        string docker = _bench.Put("saved/docker.tar", Packer.DockerArchive("group/a:1", Layer));
        string plain = _bench.Put("plain.tar", Layer);
        string packed = _bench.Put("oci.tar.gz", Packer.Gzip(Packer.Tar([.. Packer.OciLayout(("linux/amd64", [Layer]))])));

        Assert.Equal("docker-archive:docker.tar", Origin(docker).Reference);
        Assert.Equal("docker-archive:docker.tar:a:1", Origin($"docker-archive:{docker}:a:1").Reference);
        Assert.Equal("tar:plain.tar", Origin(plain).Reference);
        Assert.Equal("tar:plain.tar", Origin($"tar:{plain}").Reference);
        Assert.Equal("oci:layout", Origin($"oci:{_bench.PathOf("layout")}/").Reference);
        Assert.Equal("oci-archive:oci.tar.gz", Origin(packed).Reference);
        Assert.Equal(["group/a:1"], Origin(docker).Names);
        Assert.Null(Origin(docker).Digest);
    }

    [Fact]
    public void The_same_files_from_elsewhere_or_by_another_are_another_record_of_one_tree()
    {
        string first = _bench.Put("first.tar", Layer);
        string second = _bench.Put("second.tar", Layer);
        var ada = ImportBench.Options with { Importer = new ImportUser { Uid = 1000, Gid = 100, Name = "ada" } };

        var (plain, again, moved, hers) = (_bench.Import(first), _bench.Import(first), _bench.Import(second), _bench.Import(first, null, ada));

        Assert.Equal(StatementOf(plain), StatementOf(again));
        Assert.Equal(4, _bench.Blobs.Enumerate().Count());
        Assert.All([moved, hers], image => Assert.NotEqual(StatementOf(plain), StatementOf(image)));
        Assert.All([moved, hers], image => Assert.Equal((plain.Tree, plain.Manifest), (image.Tree, image.Manifest)));
        Assert.Equal(ada.Importer, RecordJson.ParseImage(Encoding.UTF8.GetBytes(StatementOf(hers))).Predicate.Importer);
    }

    [Fact]
    public void Names_that_a_stranger_chose_are_kept_only_as_far_as_they_can_be_names()
    {
        string many = string.Join(',', Enumerable.Range(0, 200).Select(number => $"\"a:{number}\""));
        string tags = $$"""["\u0000","a b","\u001b[31m","größe:1","","{{new string('x', 256)}}",{{many}}]""";
        byte[] config = Packer.Config("amd64", Layer);
        string source = _bench.Put("hostile.tar", Packer.Tar(
            ("l.tar", Layer), ("c.json", config), ("manifest.json", Packer.Json($$"""[{"Config":"c.json","RepoTags":{{tags}},"Layers":["l.tar"]}]"""))));

        var image = _bench.Import(source);

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"a:{number}"), image.Record.Source!.Names);
        Assert.Contains("\"a:99\"", StatementOf(image), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_before_is_read()
    {
        var sample = RecordSamples.Image();
        string old = Encoding.UTF8.GetString(RecordJson.Serialize(sample with { Predicate = sample.Predicate with { Source = null, Importer = null } }));
        Assert.DoesNotContain("\"source\"", old, StringComparison.Ordinal);
        Assert.DoesNotContain("\"importer\"", old, StringComparison.Ordinal);
        var read = RecordJson.ParseImage(Encoding.UTF8.GetBytes(old)).Predicate;
        Assert.Equal((null, null), (read.Source, read.Importer));
    }

    private ImageOrigin Origin(string source) => _bench.Import(source).Record.Source!;

    private static string StatementOf(ImportedImage image) => Encoding.UTF8.GetString(RecordJson.Serialize(ImageStatement.Of(image)));
}
