using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;

namespace Provenance.Cli.Pages;

/// <summary>A lineage in the language of graphviz: runs as boxes, files as ovals, arrows in the direction of time.</summary>
/// <remarks>Source: https://graphviz.org/doc/info/lang.html; in a quoted string only the quote and the backslash need one before them.</remarks>
internal static class LineageDot
{
    /// <summary>Sources of one run that are drawn one by one; of more, one oval says how many.</summary>
    private const int SourcesDrawn = 20;

    public static string Of(LineageGraph graph)
    {
        var dot = new StringBuilder("digraph lineage {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n");
        foreach (var node in graph.Nodes)
        {
            var run = node.Run;
            dot.Append($"  {Id(run.Record)} [shape=box, label={Quote($"{run.Record.Abbreviated}\n{RunTable.Shorten(run.Command)}\n{run.ImageReference}")}];\n");
            AddSources(dot, node);
        }

        foreach (string line in Links(graph))
        {
            dot.Append(line);
        }

        return dot.Append("}\n").ToString();
    }

    private static void AddSources(StringBuilder dot, LineageNode node)
    {
        if (node.SourceCount > SourcesDrawn)
        {
            string id = $"\"sources of {node.Run.Record.Hex}\"";
            dot.Append($"  {id} [label={Quote($"{node.SourceCount} inputs")}];\n  {id} -> {Id(node.Run.Record)};\n");
            return;
        }

        foreach (var file in node.Sources)
        {
            string id = file.Sha256 is null ? Quote($"{node.Run.Record.Hex} {file.Path}") : Id(file.Sha256);
            dot.Append($"  {id} [label={Quote(file.Name)}];\n  {id} -> {Id(node.Run.Record)};\n");
        }
    }

    /// <summary>Each line once, though many runs used the same content.</summary>
    private static HashSet<string> Links(LineageGraph graph)
    {
        var links = from node in graph.Nodes
                    from link in node.Links
                    from file in link.Files
                    select file;
        var lines = new HashSet<string>();
        foreach (var file in links)
        {
            string content = Id(file.Used.Sha256!);
            lines.Add($"  {content} [label={Quote(file.Used.Name)}];\n");
            lines.Add($"  {Id(file.Made.Run)} -> {content};\n");
            lines.Add($"  {content} -> {Id(file.Used.Run)};\n");
        }

        return lines;
    }

    private static string Id(Digest digest) => $"\"{digest.Hex}\"";

    private static string Quote(string text)
    {
        string shown = string.Join("\\n", text.Split('\n').Select(line => Terminal.Printable(line).Replace("\\", "\\\\").Replace("\"", "\\\"")));
        return $"\"{shown}\"";
    }
}
