using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>Which images have a package, and which runs were on them.</summary>
public sealed class PackageSearchTests : IDisposable
{
    private readonly SampleArchive _archive = new();

    public void Dispose() => _archive.Dispose();

    [Theory]
    [InlineData(null, 2)]
    [InlineData("0.3.21", 1)]
    [InlineData("0.3.21+ds-4", 1)]
    [InlineData("0.3", 2)]
    [InlineData("0.3.2", 0)]
    [InlineData("0.3.21+d", 0)]
    [InlineData("1", 0)]
    public void Images_and_runs_are_found_by_a_version_as_far_as_it_is_known(string? version, int images)
    {
        Fill();
        using var finder = _archive.Finder();

        var found = finder.ImagesWithPackage("libopenblas0", version, 10);
        var runs = finder.Runs(new RunQuery { Package = "libopenblas0", PackageVersion = version });

        Assert.Equal(images, found.Count);
        Assert.Equal(images, runs.Count);
        Assert.All(found, match => Assert.Equal(("dpkg", "amd64"), (match.Package.Manager, match.Package.Architecture)));
        Assert.Equal(
            found.Select(match => match.Image.Manifest.Hex).Order(StringComparer.Ordinal),
            runs.Select(run => run.ImageManifest.Hex).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void With_other_conditions_all_must_hold_and_of_files_too()
    {
        Fill();
        using var finder = _archive.Finder();

        Assert.Single(finder.Runs(new RunQuery { Package = "libopenblas0", Text = "number=1" }));
        Assert.Empty(finder.Runs(new RunQuery { Package = "libopenblas0", Text = "number=3" }));
        Assert.Empty(finder.Runs(new RunQuery { Package = "libopenblas" }));
        Assert.Single(finder.FilesByDigest(SampleArchive.DigestOf("result 1").Hex, new RunQuery { Package = "libopenblas0" }));
        Assert.Empty(finder.FilesByDigest(SampleArchive.DigestOf("result 3").Hex, new RunQuery { Package = "libopenblas0" }));
    }

    [Fact]
    public void An_image_is_found_by_its_list_of_packages()
    {
        var list = Fill();
        using var finder = _archive.Finder();

        Assert.Single(finder.ImagesByDigest(list.Digest));
    }

    [Fact]
    public void A_rebuilt_catalog_has_the_same_packages()
    {
        Fill();
        var before = Hashes();

        var report = new Reindexer(_archive.Blobs, SampleArchive.Sync).Reindex(progress: null, TestContext.Current.CancellationToken);

        Assert.Empty(report.Problems);
        Assert.Equal(before, Hashes());
    }

    [Fact]
    public void A_list_that_is_not_here_is_a_problem_of_the_record_and_no_more()
    {
        var list = Fill();
        File.Delete(_archive.Layout.BlobPath(list.Digest));

        var report = new Reindexer(_archive.Blobs, SampleArchive.Sync).Reindex(progress: null, TestContext.Current.CancellationToken);

        Assert.Single(report.Problems);
        using var finder = _archive.Finder();
        Assert.Single(finder.ImagesWithPackage("libopenblas0", null, 10));
    }

    /// <summary>Two images with OpenBLAS and one without, and a run on each.</summary>
    /// <returns>The list of the first.</returns>
    private Descriptor Fill()
    {
        var lists = new List<Descriptor>();
        foreach (var (number, name, version) in new[] { (1, "libopenblas0", "0.3.21+ds-4"), (2, "libopenblas0", "0.3.26"), (3, "libopenblas-dev", "0.3.26") })
        {
            var package = new ImagePackage { Manager = "dpkg", Name = name, Version = version, Architecture = "amd64", Path = "var/lib/dpkg/status" };
            var again = package with { Path = "var/lib/dpkg/status.d/again" };
            byte[] lines = [.. RecordLines.Serialize(package), .. RecordLines.Serialize(again)];
            lists.Add(_archive.Blobs.Put(MediaTypes.JsonLines, lines));
            var manifest = _archive.Put($"manifest {number}");
            var sample = RecordSamples.Image();
            byte[] statement = RecordJson.Serialize(sample with
            {
                Predicate = sample.Predicate with
                {
                    Manifest = manifest,
                    Packages = new PackageInventory { Count = 2, Blob = lists[^1], Managers = [new PackageCount { Manager = "dpkg", Count = 2 }], Unread = [] },
                },
            });
            var record = _archive.Intake().Accept(RecordKind.Image, statement, _archive.Sign(statement));
            _archive.Accept(number, run => run with { Image = run.Image with { Manifest = manifest.Digest, Record = record } });
        }

        return lists[0];
    }

    private IReadOnlyDictionary<string, string> Hashes()
    {
        using (_archive.Finder())
        {
            // Brings the catalog up to date.
        }

        using var catalog = CatalogDatabase.OpenForReading(_archive.Layout.CatalogDatabase)!;
        return CatalogRows.HashTables(catalog.Connection);
    }
}
