using System.Text;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Images.Tar;
using Provenance.Archive.Images.Tree;
using Provenance.Archive.Records;
using Provenance.Archive.Tests;
using Provenance.Archive.Tests.Images;

namespace Provenance.Fuzz;

/// <summary>Images in every packing, their layers, their documents and the packages in them.</summary>
internal static class ImageTargets
{
    /// <summary>What makes room for bombs is tried by tests of its own; here it would be all that time is spent on.</summary>
    private static readonly ImportLimits Limits = ImportLimits.Default with { FreeExpansionBytes = 8 << 20 };

    private static readonly ImportOptions Options = new()
    {
        Recorder = new Recorder { Name = "prov", Version = "1" },
        Host = new Platform { Os = "linux", Architecture = "amd64", Variant = "v3" },
        Limits = Limits,
    };

    private static byte[] Layer => TarBuilder.New().Folder("etc").File("etc/motd", "hello").Link("l", "etc").HardLink("h", "etc/motd")
        .File(".wh.gone").File("etc/.wh..wh..opq").Pax(("mtime", "1500000000.5"), ("SCHILY.xattr.user.a", "1")).File("x", "y").Build();

    private static byte[] Sparse => TarBuilder.New()
        .Pax(("GNU.sparse.name", "real"), ("GNU.sparse.size", "9"), ("GNU.sparse.map", "2,3,6,1,9,0")).File("x", "abcd").Build();

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("layer", static () => [Layer, Sparse], ReadLayer, typeof(ArchiveException)),
        new("image-archive", SomeArchives, static input => Import(TarSums.Mend(input)), typeof(ArchiveException)),
        new("compressed-layer", static () => [Packer.Gzip(Layer), Packer.Zstd(Layer), Packer.Bzip2(Layer)], Import, typeof(ArchiveException)),
        new("image-documents", SomeDocuments, FuzzTarget.OneOf(
            static input => OciReader.ReadDocument(input, "index"),
            static input => OciReader.ReadConfig(input, "config"),
            static input => ImageConfig.Parse(input)), typeof(ArchiveException)),
        new("packages", SomePackages, FuzzTarget.OneOf(
            PackagesOf("var/lib/dpkg/status"),
            PackagesOf("lib/apk/db/installed"),
            PackagesOf("var/lib/rpm/rpmdb.sqlite"),
            PackagesOf("var/lib/rpm/rpmdb.sqlite-wal"),
            PackagesOf("var/lib/rpm/Packages.db"),
            PackagesOf("var/lib/rpm/Packages"),
            PackagesOf("x/a-1.dist-info/METADATA"),
            PackagesOf("x/conda-meta/a-1-0.json"),
            PackagesOf("x/.spack-db/index.json"),
            PackagesOf("x/.spack/spec.json"),
            PackagesOf("x/a/1/easybuild/a-1.eb"))),
    ];

    /// <summary>Nothing that stands in such a file is thrown for: what cannot be read is told of.</summary>
    private static Action<byte[]> PackagesOf(string path) => input => _ = PackageFile.Read(PackageFormats.Find(path)!, input, input.Length);

    private static void ReadLayer(byte[] input)
    {
        byte[] tar = TarSums.Mend(input);
        var reader = new LayerReader(null, Limits);
        reader.Read(new MemoryStream(tar), tar.Length, mustEnd: false, CancellationToken.None);
        string[] paths = [.. TreeManifest.Entries(reader.Tree).Select(static entry => entry.Path)];
        BrokenPromiseException.ThrowUnless(paths.Distinct().Count() == paths.Length, "a tree has two entries of one path");
        var files = new TarReader(new MemoryStream(tar), Limits.MaxHeaderBytes);
        while (files.Next() is not null)
        {
            // Each is passed over whole.
        }
    }

    private static void Import(byte[] input)
    {
        using var folder = new TemporaryFolder();
        var blobs = new BlobStore(new StoreLayout(Path.Combine(folder.Path, "archive")), static _ => { });
        new ImageImporter(blobs).Import(ImageSource.Parse(FuzzFolder.Write("image.tar", input)), Options, null, null, CancellationToken.None);
    }

    private static IEnumerable<byte[]> SomeArchives()
    {
        byte[] small = TarBuilder.New().File("a", "b").Build();
        yield return Packer.DockerArchive("a:1", small);
        yield return Packer.LegacyArchive(true, small);
        yield return Packer.Tar([.. Packer.OciLayout(("linux/amd64", [Packer.Gzip(small)]))]);
        yield return small;
    }

    private static IEnumerable<byte[]> SomeDocuments()
    {
        string digest = Digest.Of("m"u8).ToString();
        yield return FuzzTarget.Of(0, Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{digest}}}","size":2,"platform":{"architecture":"amd64","os":"linux"},"annotations":{"a":"b"}}]}"""));
        yield return FuzzTarget.Of(0, Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{digest}}}","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{digest}}}","size":2}]}"""));
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Env":["A=b"],"Cmd":["sh"],"User":"1","Labels":{"a":"b"}},"rootfs":{"type":"layers","diff_ids":["{{{digest}}}"]},"history":[{"created_by":"x"}]}""");
        yield return FuzzTarget.Of(1, config);
        yield return FuzzTarget.Of(2, config);
    }

    private static IEnumerable<byte[]> SomePackages()
    {
        yield return FuzzTarget.Of(0, "Package: a\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nDescription: x\n y\n\nPackage: b\nVersion: 2\n"u8);
        yield return FuzzTarget.Of(1, "P:a\nV:1-r0\nA:x86_64\n\nP:b\nV:2\n"u8);
    }
}
