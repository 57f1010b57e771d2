using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Lineage;

/// <summary>Lineage out of real records, in the catalog on disk and while they wait in incoming/.</summary>
public sealed class LineageFinderTests : IDisposable
{
    private const string Long = ", and more than a chance would make the same twice";

    private readonly SampleArchive _archive = new();
    private ArchiveLock? _held;
    private int _minute;

    public void Dispose()
    {
        _held?.Dispose();
        _archive.Dispose();
    }

    /// <summary>While the lock is held records wait in incoming/, and a link may join one there with one in the catalog.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Three_steps_are_one_lineage_in_both_directions(int waiting)
    {
        HoldIf(waiting == 3);
        var make = Run([File("/w/raw", "raw")], [File("/w/data", "data")]);
        HoldIf(waiting == 2);
        var filter = Run([File("/w/raw", "raw"), File("/w/data", "data")], [File("/w/part", "part")]);
        HoldIf(waiting == 1);
        var plot = Run([File("/in/part", "part"), File("/w/style", "style")], [File("/w/figure", "figure")]);
        using var finder = _archive.Finder();

        var up = Find(finder, plot, LineageDirection.Up);
        Assert.Equal([plot, filter, make], up.Nodes.Select(node => node.Run.Record));
        Assert.Equal([make, filter, plot], up.InOrder().Select(node => node.Run.Record));
        Assert.Equal(["/w/style"], up.Root.Sources.Select(file => file.Path));
        var link = Assert.Single(up.Root.Links);
        Assert.Equal(("/w/part", "/in/part"), (link.Files[0].Made.Path, link.Files[0].Used.Path));

        var down = Find(finder, make, LineageDirection.Down);
        Assert.Equal([make, filter, plot], down.Nodes.Select(node => node.Run.Record));
        Assert.Empty(down.Nodes[2].Links);
    }

    [Fact]
    public void A_content_made_twice_links_to_the_latest_and_names_the_other()
    {
        var first = Run([], [File("/w/data", "data")]);
        var second = Run([], [File("/w/data", "data")]);
        var user = Run([File("/w/data", "data")], []);
        var later = Run([], [File("/w/data", "data")]);
        using var finder = _archive.Finder();

        var link = Assert.Single(Find(finder, user, LineageDirection.Up).Root.Links);
        Assert.Equal(second, link.Run);
        Assert.Equal([first], link.Files[0].Alternatives);

        var down = Assert.Single(Find(finder, first, LineageDirection.Down).Root.Links);
        Assert.Equal((user, second), (down.Run, Assert.Single(down.Files[0].Alternatives)));
        Assert.Empty(Find(finder, later, LineageDirection.Down).Root.Links);
        Assert.Equal([later, second, first], new LineageFinder(finder, LineageLimits.Default).MakersOf(Content("data")).Select(f => f.Run));
    }

    [Fact]
    public void Empty_files_and_files_without_a_digest_are_sources()
    {
        Run([], [File("/w/empty", ""), File("/w/data", "data") with { Sha256 = null }]);
        var user = Run([File("/w/empty", ""), File("/w/data", "data") with { Sha256 = null }], []);
        using var finder = _archive.Finder();

        var root = Find(finder, user, LineageDirection.Up).Root;
        Assert.Empty(root.Links);
        Assert.Equal(["/w/data", "/w/empty"], root.Sources.Select(file => file.Path));
    }

    [Fact]
    public void A_content_that_everybody_makes_still_links_to_the_latest_in_time()
    {
        HoldIf(true);
        Digest last = Run([], [File("/w/data", "data")]);
        for (int i = 0; i < 150; i++)
            last = Run([], [File("/w/data", "data")]);
        var user = Run([File("/w/data", "data")], []);
        for (int i = 0; i < 150; i++)
            Run([], [File("/w/data", "data")]);
        using var finder = _archive.Finder();

        Assert.Equal(last, Assert.Single(Find(finder, user, LineageDirection.Up).Root.Links).Run);
    }

    [Fact]
    public void More_inputs_than_are_asked_for_at_once_are_all_linked()
    {
        LineageFile[] files = [.. Enumerable.Range(0, 2500).Select(i => File($"/w/{i:0000}", $"content {i}"))];
        var maker = Run([], files);
        var user = Run(files, []);
        using var finder = _archive.Finder();

        var link = Assert.Single(Find(finder, user, LineageDirection.Up).Root.Links);
        Assert.Equal((maker, 2500), (link.Run, link.Files.Count));
    }

    [Fact]
    public void What_only_stood_there_and_what_belongs_to_the_image_is_no_input()
    {
        var maker = Run([], [File("/w/read", "read"), File("/w/present", "present"), File("/w/library", "library")]);
        var user = Run(
            [
                File("/w/read", "read") with { Use = FileUse.Read },
                File("/w/present", "present") with { Use = FileUse.Present },
                File("/usr/lib/library", "library") with { Use = FileUse.Read },
            ],
            []);
        using var finder = _archive.Finder();

        var root = Find(finder, user, LineageDirection.Up).Root;
        var file = Assert.Single(Assert.Single(root.Links).Files);
        Assert.Equal(("/w/read", FileUse.Read, 0), (file.Used.Path, file.Used.Use, root.SourceCount));
        Assert.Single(Assert.Single(Find(finder, maker, LineageDirection.Down).Root.Links).Files);
    }

    [Fact]
    public void Sources_beyond_the_limit_are_counted()
    {
        var user = Run([File("/w/a", "a"), File("/w/b", "b"), File("/w/c", "c")], []);
        using var finder = _archive.Finder();

        var root = new LineageFinder(finder, new LineageLimits { Sources = 2 }).From(user, LineageDirection.Up).Root;
        Assert.Equal((2, 3), (root.Sources.Count, root.SourceCount));
    }

    private static LineageGraph Find(RecordFinder finder, Digest run, LineageDirection direction) =>
        new LineageFinder(finder, LineageLimits.Default).From(run, direction);

    private void HoldIf(bool condition) => _held ??= condition ? ArchiveLock.TryTake(_archive.Layout) : null;

    private Digest Run(LineageFile[] used, LineageFile[] made)
    {
        _minute += 10;
        return _archive.Accept(_minute, run => run with
        {
            Used = List(RecordLines.Serialize(used.Select(file => new UsedFile
            {
                Path = file.Path,
                Kind = FileKind.File,
                Mode = "0644",
                Size = file.Size,
                Digest = DigestsOf(file),
                Kept = false,
                Use = file.Use,
                Class = file.Use is null ? null : file.Path.StartsWith("/usr", StringComparison.Ordinal) ? FileClass.Image : FileClass.Input,
            })), used.Length),
            Generated = List(RecordLines.Serialize(made.Select(file => new GeneratedFile
            {
                Path = file.Path,
                Kind = FileKind.File,
                Change = FileChange.Created,
                Mode = "0644",
                Size = file.Size,
                Digest = DigestsOf(file),
                Kept = false,
            })), made.Length),
            Invocation = run.Invocation with { Stdin = new StandardInput { Kind = "null" } },
            Outcome = run.Outcome with { EndedAt = RecordSamples.Start.AddMinutes(_minute + 5) },
        });
    }

    private FileList List(byte[] lines, int count) => new()
    {
        Count = count,
        TotalBytes = 0,
        Blob = count == 0 ? null : _archive.Blobs.Put(MediaTypes.JsonLines, lines),
    };

    private static DigestSet? DigestsOf(LineageFile file) => file.Sha256 is null ? null : new DigestSet { Sha256 = file.Sha256.Hex };

    private static Digest Content(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text + Long));

    private static LineageFile File(string path, string text) => new()
    {
        Run = Digest.Of("none"u8),
        StartedAt = default,
        EndedAt = default,
        Role = FileRole.Used,
        Path = path,
        Sha256 = text.Length == 0 ? Digest.Of(""u8) : Content(text),
        Size = text.Length == 0 ? 0 : text.Length + Long.Length,
    };
}
