using System.CommandLine;
using Provenance.Archive.Lineage;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov tree</c>: from a result back to its sources, or on to what came of it.</summary>
internal sealed class TreeCommand : CliCommand
{
    /// <summary>Deeper, a tree of lines is no picture any more.</summary>
    private const int DefaultDepth = 100;

    private readonly Argument<string> _what = new("ID")
    {
        Description = "a run: the first digits of its id; or a content: a file, a digest, an absolute path in the container",
    };

    private readonly Option<bool> _down = new("--down") { Description = "show the runs that used what this one made" };

    private readonly Option<int> _depth = new("--depth")
    {
        HelpName = "N",
        Description = $"follow at most so many links from the root [{DefaultDepth}]",
        DefaultValueFactory = _ => DefaultDepth,
    };

    private readonly Option<bool> _dot = new("--dot") { Description = "print a graph for graphviz: prov tree ID --dot | dot -Tsvg" };
    private readonly Option<bool> _json = SharedOptions.Json();

    public TreeCommand()
        : base("tree", "show which runs a result came from, back to the sources")
    {
        Arguments.Add(_what);
        foreach (Option option in (Option[])[_down, _depth, _dot, _json])
        {
            Options.Add(option);
        }
    }

    public override string Remarks => """
        Runs are joined by content, never by name: an input whose SHA-256 another run made before comes from that run;
        when several made it, from the one whose path agrees, else the latest. Empty files join nothing, files of 32
        bytes or fewer only when they are called the same. Where a record says what stood in a run's folders and not
        what it read, the tree says 'could have read'.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov tree figure3.png", "the run that made this figure, the runs that made its inputs, and so on"),
        new("prov tree 7f3a9c --down", "what was made from this run's results"),
        new("prov tree 7f3a9c --dot | dot -Tsvg > lineage.svg", "the same as a picture"),
    ];

    public override int Execute(CommandCall call)
    {
        int depth = call.Value(_depth);
        if (depth < 0)
        {
            throw new UsageException($"option '--depth': '{depth}' is not a number of links");
        }

        var finder = call.Workbench.Finder;
        var start = LineageStart.Find(call.Value(_what)!, finder);
        if (start.Run is not { } run)
        {
            call.Terminal.Note($"no recorded run made '{start.Name}' (digest {start.Content!.Hex}); 'prov find' tells who used it");
            return ExitCodes.Differs;
        }

        var direction = call.Value(_down) ? LineageDirection.Down : LineageDirection.Up;
        var graph = new LineageFinder(finder, LineageLimits.Default with { Depth = depth }).From(run, direction);
        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(LineageReport.Of(graph, start), CliJson.Default.LineageReport));
        }
        else if (call.Value(_dot))
        {
            call.Terminal.Raw(LineageDot.Of(graph));
        }
        else
        {
            Print(call.Terminal, graph, start);
        }

        return ExitCodes.Success;
    }

    private static void Print(Terminal terminal, LineageGraph graph, LineageStart start)
    {
        terminal.Tree(new LineagePage(graph).Build(start));
        if (graph.NotFollowed > 0)
        {
            terminal.Note($"{Readable.Count(graph.NotFollowed, "run was", "runs were")} not followed; see --depth");
        }

        if (graph.Direction == LineageDirection.Down && graph.Root.Links.Count == 0)
        {
            terminal.Note("no recorded run used what this one made");
        }
    }
}
