using System.Xml.Linq;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Tests.Records;
using Provenance.Web.Drawing;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>The drawing of a lineage: well-formed, every run of it a link, and nothing in it that runs, whatever files and commands are called.</summary>
public sealed class DrawingTests
{
    private const string Hostile = "</text></svg><script>alert(1)</script>\" onload=\"alert(2)&#x27; ]]> <!-- \u0001 \u202e 'x";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Elements = ["svg", "path", "text", "a", "g", "title", "rect"];

    [Theory]
    [InlineData("data")]
    [InlineData(Hostile)]
    public void It_is_well_formed_and_leads_to_every_run_but_the_one_that_it_is_about(string name)
    {
        using var archive = new SampleArchive();
        var make = Run(archive, 10, name, [], [$"/w/{name}"]);
        var left = Run(archive, 20, name, [$"/w/{name}"], ["/w/left"]);
        var right = Run(archive, 30, name, [$"/w/{name}"], [$"/w/right/{name}"]);
        var root = Run(archive, 40, name, ["/w/left", $"/w/right/{name}"], ["/w/figure"]);
        var user = Run(archive, 50, name, ["/w/figure"], []);
        using var finder = archive.Finder();
        var graphs = new LineageFinder(finder, LineageLimits.Default);
        var drawing = new LineageDrawing(graphs.From(root, LineageDirection.Up), graphs.From(root, LineageDirection.Down));

        var svg = XDocument.Parse(drawing.ToSvg()).Root!;

        Assert.All(svg.DescendantsAndSelf(), element => Assert.Equal(Svg, element.Name.Namespace));
        Assert.Subset(new HashSet<string>(Elements), svg.DescendantsAndSelf().Select(element => element.Name.LocalName).ToHashSet());
        Assert.Equal(
            new[] { make, left, right, user }.Select(run => $"/runs/{run.Hex}").Order(StringComparer.Ordinal),
            svg.Elements(Svg + "a").Select(link => link.Attribute("href")!.Value).Order(StringComparer.Ordinal));
        Assert.Equal(5, svg.Descendants(Svg + "rect").Count());
        Assert.Equal(drawing.Edges.Count, svg.Elements(Svg + "path").Count());
        Assert.Equal(
            new[] { (make, left), (make, right), (left, root), (right, root), (root, user) }.OrderBy(edge => edge.ToString()),
            drawing.Edges.Select(edge => (edge.Maker, edge.User)).OrderBy(edge => edge.ToString()));
        Assert.All(svg.DescendantsAndSelf().Attributes(), attribute => Assert.False(
            attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Value.Contains("script", StringComparison.Ordinal), attribute.ToString()));
        // In the order of time, from left to right, and no box over another.
        int X(Digest run) => PlaceOf(svg, run).X;
        Assert.True(X(make) < X(left) && X(left) < X(user));
        Assert.Distinct(svg.Descendants(Svg + "rect").Select(box => (box.Attribute("x")!.Value, box.Attribute("y")!.Value)));
        Assert.Contains(svg.Descendants(Svg + "title"), title => title.Value.Contains(name == Hostile ? "alert(1)" : name, StringComparison.Ordinal));
    }

    private static (int X, int Y) PlaceOf(XElement svg, Digest run)
    {
        var box = svg.Elements(Svg + "a").Single(link => link.Attribute("href")!.Value.EndsWith(run.Hex, StringComparison.Ordinal)).Descendants(Svg + "rect").Single();
        return ((int)box.Attribute("x")!, (int)box.Attribute("y")!);
    }

    /// <summary>Of files whose content is their path.</summary>
    private static Digest Run(SampleArchive archive, int minute, string name, string[] used, string[] made) => archive.Accept(minute, run => run with
    {
        Used = ListOf(archive, used, RecordLines.Serialize(used.Select(path => new UsedFile
        {
            Path = path,
            Kind = FileKind.File,
            Mode = "0644",
            Size = 100,
            Digest = RecordSamples.DigestsOf(path),
            Kept = false,
        }))),
        Generated = ListOf(archive, made, RecordLines.Serialize(made.Select(path => new GeneratedFile
        {
            Path = path,
            Kind = FileKind.File,
            Change = FileChange.Created,
            Mode = "0644",
            Size = 100,
            Digest = RecordSamples.DigestsOf(path),
            Kept = false,
        }))),
        Invocation = run.Invocation with { Argv = [name, $"--number={minute}"], Stdin = new StandardInput { Kind = "null" } },
        Outcome = run.Outcome with { EndedAt = RecordSamples.Start.AddMinutes(minute + 5), Stdout = null, Stderr = null },
    });

    private static FileList ListOf(SampleArchive archive, string[] paths, byte[] lines) => new()
    {
        Count = paths.Length,
        TotalBytes = 0,
        Blob = paths.Length == 0 ? null : archive.Blobs.Put(MediaTypes.JsonLines, lines),
    };
}
