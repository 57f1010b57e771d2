using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;

namespace Provenance.Cli.Pages;

/// <summary>A lineage as a tree: from a result to its sources, or from a run to all that came of it.</summary>
internal sealed class LineagePage(LineageGraph graph)
{
    private const int NamesShown = 3;
    private const int OthersShown = 3;

    private readonly HashSet<Digest> _shown = [];

    /// <param name="start">Its content, when one was named, is the root of the tree.</param>
    public TextTree Build(LineageStart start)
    {
        var run = graph.Root;
        if (start.Content is not { } content)
        {
            return Fill(new TextTree($"run {Line(run.Run)}"), run);
        }

        var root = new TextTree($"{start.Name} ({content.Abbreviated})");
        Fill(root.Add($"made by run {Line(run.Run)}{Others(start.Others)}"), run);
        return root;
    }

    private TextTree Fill(TextTree line, LineageNode node)
    {
        _shown.Add(node.Run.Record);
        if (graph.Direction == LineageDirection.Up)
        {
            line.Add($"image {node.Run.ImageReference} ({node.Run.ImageManifest.Abbreviated})");
        }

        foreach (var link in node.Links)
        {
            Add(line, node, link);
        }

        if (node.SourceCount > 0)
        {
            var names = node.Sources.Select(file => Short(file.Path, node.Run));
            line.Add($"{Readable.Count(node.SourceCount, "input", "inputs")} that no recorded run made: {List(names, node.SourceCount)}");
        }

        return line;
    }

    private void Add(TextTree line, LineageNode node, LineageLink link)
    {
        string files = Files(node, link);
        if (graph.Find(link.Run) is not { } next)
        {
            line.Add($"{files} run {link.Run.Abbreviated} (not followed)");
        }
        else if (_shown.Contains(link.Run))
        {
            line.Add($"{files} run {link.Run.Abbreviated} (shown above)");
        }
        else
        {
            Fill(line.Add($"{files} run {Line(next.Run)}{Others(OthersOf(link))}"), next);
        }
    }

    private string Files(LineageNode node, LineageLink link)
    {
        bool isKnown = link.Files.All(file => file.Used.Use is not null);
        if (graph.Direction == LineageDirection.Up)
        {
            string used = List(link.Files.Select(file => Short(file.Used.Path, node.Run)), link.Files.Count);
            return $"{(isKnown ? "read" : "could have read")} {used}, made by";
        }

        string made = List(link.Files.Select(file => Short(file.Made.Path, node.Run)), link.Files.Count);
        return $"{made}, which {(isKnown ? "was read" : "could have been read")} by";
    }

    private static IReadOnlyList<Digest> OthersOf(LineageLink link) =>
        [.. link.Files.SelectMany(file => file.Alternatives).Distinct()];

    private static string Others(IReadOnlyList<Digest> others) => others.Count == 0
        ? ""
        : $"; the same bytes also by {List(others.Select(run => run.Abbreviated), others.Count, OthersShown)}";

    private static string Line(RunRow run) =>
        $"{run.Record.Abbreviated}: {RunTable.Shorten(run.Command)} ({Readable.Time(run.StartedAt)})";

    private static string List(IEnumerable<string> names, int count, int shown = NamesShown) =>
        string.Join(", ", names.Take(shown)) + (count > shown ? $" and {count - shown} more" : "");

    /// <summary>Below the run's working folder, as the person saw it there.</summary>
    private static string Short(string path, RunRow run) =>
        path.StartsWith(run.WorkingFolder + "/", StringComparison.Ordinal) ? path[(run.WorkingFolder.Length + 1)..] : path;
}
