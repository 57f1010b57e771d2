using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>Follows links from run to run, the nearest first, each run once.</summary>
/// <param name="read">What is known of a run; null when it is not in the archive.</param>
public sealed class LineageWalk(Func<Digest, LineageNode?> read)
{
    /// <param name="root">Where to begin.</param>
    /// <param name="direction">Which way <c>read</c> finds links.</param>
    /// <param name="limits">How far to go.</param>
    /// <exception cref="Catalog.RecordNotFoundException">The root is not in the archive.</exception>
    public LineageGraph From(Digest root, LineageDirection direction, LineageLimits limits)
    {
        var nodes = new List<LineageNode>();
        var seen = new HashSet<Digest> { root };
        var waiting = new Queue<(Digest Run, int Depth)>([(root, 0)]);
        while (nodes.Count < limits.Runs && waiting.TryDequeue(out var next))
        {
            if (read(next.Run) is not { } node)
            {
                continue;
            }

            nodes.Add(node with { Depth = next.Depth });
            if (next.Depth < (limits.Depth ?? int.MaxValue))
            {
                Follow(node, next.Depth + 1);
            }
        }

        return nodes.Count == 0
            ? throw new Catalog.RecordNotFoundException(root.Hex)
            : new LineageGraph(nodes) { Direction = direction };

        // Time alone makes a ring impossible, but time is what a clock said.
        void Follow(LineageNode node, int depth)
        {
            foreach (var link in node.Links.Where(link => seen.Add(link.Run)))
            {
                waiting.Enqueue((link.Run, depth));
            }
        }
    }
}
