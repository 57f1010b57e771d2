using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>Runs joined by their files, from one run on: upwards to the sources, or downwards to all that came of it.</summary>
public sealed record LineageGraph
{
    private readonly Dictionary<Digest, LineageNode> _byRun = [];

    /// <param name="nodes">The root first, each run once, in the order in which they were reached.</param>
    public LineageGraph(IReadOnlyList<LineageNode> nodes)
    {
        Nodes = nodes;
        foreach (var node in nodes)
        {
            _byRun.Add(node.Run.Record, node);
        }
    }

    public required LineageDirection Direction { get; init; }

    public IReadOnlyList<LineageNode> Nodes { get; }

    public LineageNode Root => Nodes[0];

    /// <summary>Runs that links lead to and that were not looked at, because of a limit.</summary>
    public int NotFollowed => Nodes.SelectMany(node => node.Links).Select(link => link.Run).Distinct().Count(run => Find(run) is null);

    /// <returns>Null for a run that was not reached.</returns>
    public LineageNode? Find(Digest run) => _byRun.GetValueOrDefault(run);

    /// <summary>Each run after all that it is linked to: upwards, the order in which a pipeline is done again.</summary>
    public IReadOnlyList<LineageNode> InOrder()
    {
        var ordered = new List<LineageNode>();
        var entered = new HashSet<Digest>();
        var path = new Stack<(LineageNode Node, int Next)>();
        Enter(Root);
        while (path.TryPop(out var at))
        {
            if (at.Next == at.Node.Links.Count)
            {
                ordered.Add(at.Node);
                continue;
            }

            path.Push((at.Node, at.Next + 1));
            if (Find(at.Node.Links[at.Next].Run) is { } next)
            {
                Enter(next);
            }
        }

        return ordered;

        // A run that was entered is never entered again, so that even records whose clocks make a ring come to an end.
        void Enter(LineageNode node)
        {
            if (entered.Add(node.Run.Record))
            {
                path.Push((node, 0));
            }
        }
    }
}
