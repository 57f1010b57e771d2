using Provenance.Archive.Lineage;

namespace Provenance.Cli;

/// <summary>A lineage as <c>prov tree --json</c> prints it: runs, and the files that join them.</summary>
internal sealed record LineageReport
{
    /// <summary><c>up</c> or <c>down</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>The run the lineage is of, 64 hex digits.</summary>
    public required string Run { get; init; }

    /// <summary>SHA-256 of the content that was asked for; null when a run was.</summary>
    public string? Content { get; init; }

    /// <summary>Other runs that made that content.</summary>
    public required IReadOnlyList<string> Others { get; init; }

    /// <summary>The first is the one asked for; each stands after one that leads to it.</summary>
    public required IReadOnlyList<LineageRunReport> Runs { get; init; }

    /// <summary>Runs that links lead to and that are not in the list, because of a limit.</summary>
    public required int NotFollowed { get; init; }

    public static LineageReport Of(LineageGraph graph, LineageStart start) => new()
    {
        Direction = graph.Direction == LineageDirection.Up ? "up" : "down",
        Run = graph.Root.Run.Record.Hex,
        Content = start.Content?.Hex,
        Others = [.. start.Others.Select(run => run.Hex)],
        Runs = [.. graph.Nodes.Select(LineageRunReport.Of)],
        NotFollowed = graph.NotFollowed,
    };
}
