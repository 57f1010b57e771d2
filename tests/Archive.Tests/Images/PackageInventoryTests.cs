using System.Text;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>The list of packages that an import makes, in the image as it is in the end.</summary>
public sealed class PackageInventoryTests : IDisposable
{
    private const string Dpkg = "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n";

    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void All_managers_are_listed_with_where_it_stands()
    {
        var record = Import(TarBuilder.New()
            .File("var/lib/dpkg/status", Dpkg)
            .File("opt/conda/conda-meta/numpy-1.26.4-py311h64a7726_0.json", Text(PackageSamples.Conda))
            .File("opt/conda/lib/python3.11/site-packages/ruamel_yaml-0.17.21.dist-info/METADATA", Text(PackageSamples.Metadata))
            .File("opt/spack/.spack-db/index.json", Text(PackageSamples.SpackIndex))
            .File("opt/spack/zlib-ng/.spack/spec.json", Text(PackageSamples.SpackSpec))
            .File("apps/software/HDF5/1.14.0-gompi-2022b-serial/easybuild/HDF5-1.14.0-gompi-2022b-serial.eb", Text(PackageSamples.Recipe)));

        Assert.Equal(
            [
                """{"architecture":"linux-64","build":"py311h64a7726_0","manager":"conda","name":"numpy","path":"opt/conda/conda-meta/numpy-1.26.4-py311h64a7726_0.json","version":"1.26.4"}""",
                """{"architecture":"amd64","manager":"dpkg","name":"libc6","path":"var/lib/dpkg/status","version":"2.36-9"}""",
                """{"build":"gompi-2022b-serial","manager":"easybuild","name":"HDF5","path":"apps/software/HDF5/1.14.0-gompi-2022b-serial/easybuild/HDF5-1.14.0-gompi-2022b-serial.eb","version":"1.14.0"}""",
                """{"manager":"pip","name":"ruamel.yaml","path":"opt/conda/lib/python3.11/site-packages/ruamel_yaml-0.17.21.dist-info/METADATA","version":"0.17.21"}""",
                """{"architecture":"linux-debian12-zen3","build":"zxcvbn7h2k5r4fgaxy6dqo3tn2yl4m5p","manager":"spack","name":"openblas","path":"opt/spack/.spack-db/index.json","version":"0.3.24"}""",
                """{"architecture":"linux-debian12-x86_64_v3","build":"hhhh","manager":"spack","name":"zlib-ng","path":"opt/spack/zlib-ng/.spack/spec.json","version":"2.1.4"}""",
            ],
            Lines(record));
        Assert.Equal(
            ["conda 1", "dpkg 1", "easybuild 1", "pip 1", "spack 2"], record.Packages!.Managers.Select(one => $"{one.Manager} {one.Count}"));
        Assert.Equal((6, 0), (record.Packages.Count, record.Packages.Unread.Count));
        Assert.Equal(128, record.Packages.Blob!.Sha512!.Length);
    }

    [Fact]
    public void What_the_image_has_in_the_end_counts()
    {
        byte[] lower = TarBuilder.New().File("var/lib/dpkg/status", Dpkg).File("a/gone-1.dist-info/METADATA", "").Build();
        byte[] upper = TarBuilder.New().File("var/lib/dpkg/status", Dpkg + "\n" + Dpkg.Replace("libc6", "tzdata", StringComparison.Ordinal))
            .Folder("a").File("a/.wh.gone-1.dist-info").Build();

        var record = _bench.Import(_bench.Put("docker.tar", Packer.DockerArchive("a:1", lower, upper))).Record;

        Assert.Equal(["libc6", "tzdata"], Lines(record).Select(line => RecordLines.ReadImagePackages(new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"))).Single().Name));
    }

    [Fact]
    public void The_spec_beside_a_package_of_the_index_adds_nothing()
    {
        string spec = """{"spec":{"nodes":[{"name":"openblas","version":"0.3.24","hash":"zxcvbn7h2k5r4fgaxy6dqo3tn2yl4m5p"}]}}""";

        var record = Import(TarBuilder.New().File("opt/.spack-db/index.json", Text(PackageSamples.SpackIndex)).File("opt/openblas/.spack/spec.json", spec));

        Assert.Equal(1, record.Packages!.Count);
    }

    [Fact]
    public void Two_imports_and_two_packings_give_the_same_list()
    {
        byte[] tar = TarBuilder.New().File("var/lib/dpkg/status", Dpkg).File("b-2.dist-info/METADATA", "").File("a-1.dist-info/METADATA", "").Build();

        var records = new[]
        {
            _bench.Import(_bench.Put("a.tar", tar)).Record, _bench.Import(_bench.Put("a.tar", tar)).Record,
            _bench.Import(_bench.Put("b.tar.gz", Packer.Gzip(tar))).Record,
        };

        Assert.Single(records.Select(record => record.Packages!.Blob!.Digest).Distinct());
    }

    [Fact]
    public void Broken_databases_are_told_of_and_the_import_goes_on()
    {
        var record = Import(TarBuilder.New()
            .File("var/lib/dpkg/status", Dpkg + "\nPackage: odd\u0001\nVersion: 1\n\n" + new string('x', 2 << 20))
            .File("usr/lib/sysimage/rpm/rpmdb.sqlite", "SQLite format 4")
            .File("var/lib/rpm/Packages", "short")
            .File("var/lib/rpm/Packages.db", "short")
            .File("var/lib/rpm/rpmdb.sqlite-wal", "x")
            .File("x/conda-meta/a-1-0.json", "{")
            .File("x/.spack-db/index.json", new string('[', 1000)));

        Assert.Equal(["a", "libc6"], Lines(record).Select(line => line.Split("\"name\":\"")[1].Split('"')[0]));
        Assert.Equal(
            [
                "usr/lib/sysimage/rpm/rpmdb.sqlite: is no database of SQLite",
                "var/lib/dpkg/status: has a line of 2097152 bytes",
                "var/lib/rpm/Packages: is cut off, or points to bytes outside of itself",
                "var/lib/rpm/Packages.db: is no database of rpm",
                "var/lib/rpm/rpmdb.sqlite-wal: may hold packages that are not in the database beside it: it is not read",
                "x/.spack-db/index.json: is no JSON",
                "x/conda-meta/a-1-0.json: is no JSON",
            ],
            record.Packages!.Unread.Select(unread => $"{unread.Path}: {unread.Reason}"));
    }

    [Fact]
    public void A_database_under_another_name_is_read_where_both_tell_of_one_manager()
    {
        var record = Import(TarBuilder.New()
            .File("pkgs/a-1.dist-info/METADATA", "Name: A\nVersion: 1\n").HardLink("env/a-1.dist-info/METADATA", "pkgs/a-1.dist-info/METADATA")
            .File("elsewhere", Dpkg).HardLink("var/lib/dpkg/status", "elsewhere"));

        Assert.Equal(2, record.Packages!.Count);
        Assert.Equal(["var/lib/dpkg/status"], record.Packages.Unread.Select(unread => unread.Path));
    }

    [Fact]
    public void An_image_without_any_says_so()
    {
        var packages = Import(TarBuilder.New().File("etc/motd", "hello")).Packages!;

        Assert.Equal((0, null, 0), (packages.Count, packages.Blob, packages.Managers.Count));
    }

    private static string Text(byte[] sample) => Encoding.UTF8.GetString(sample);

    private ImageRecord Import(TarBuilder tar) => _bench.Import(_bench.Put("image.tar", tar.Build())).Record;

    private string[] Lines(ImageRecord record) =>
        Encoding.UTF8.GetString(_bench.Blobs.Read(record.Packages!.Blob!.Digest, 1 << 20)).TrimEnd('\n').Split('\n');
}
