using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Xunit;

namespace Provenance.Archive.Tests.Lineage;

/// <summary>Walking from run to run, on graphs written as <c>d: b c</c>: run d has inputs from b and c.</summary>
public sealed class LineageWalkTests
{
    public static TheoryData<string, int?, int, string, string, int> Graphs => new()
    {
        // graph, depth, runs at most, nodes with their depth, order of doing it again, not followed
        { "a:", null, 9, "a0", "a", 0 },
        { "c: b; b: a; a:", null, 9, "c0 b1 a2", "a b c", 0 },
        { "d: b c; b: a; c: a; a:", null, 9, "d0 b1 c1 a2", "a b c d", 0 },
        { "d: a c; c: b; b: a; a:", null, 9, "d0 a1 c1 b2", "a b c d", 0 },
        { "c: b; b: a; a:", 0, 9, "c0", "c", 1 },
        { "c: b; b: a; a:", 1, 9, "c0 b1", "b c", 1 },
        { "d: b c; b: a; c: a; a:", null, 2, "d0 b1", "b d", 2 },
        // Clocks that are wrong could make a ring of records.
        { "a: b; b: c; c: a", null, 9, "a0 b1 c2", "c b a", 0 },
        { "a: a", null, 9, "a0", "a", 0 },
        // A record that is named and not there.
        { "b: a x; a:", null, 9, "b0 a1", "a b", 1 },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Every_run_is_reached_once_by_the_shortest_way(
        string text, int? depth, int runs, string nodes, string order, int notFollowed)
    {
        var graph = Walk(text, new LineageLimits { Depth = depth, Runs = runs });

        Assert.Equal(nodes, string.Join(' ', graph.Nodes.Select(node => $"{NameOf(node)}{node.Depth}")));
        Assert.Equal(order, string.Join(' ', graph.InOrder().Select(NameOf)));
        Assert.Equal(notFollowed, graph.NotFollowed);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_runs_needs_no_stack()
    {
        string text = string.Join("; ", Enumerable.Range(0, 100_000).Select(i => $"r{i}: r{i + 1}"));

        var graph = Walk(text, new LineageLimits { Runs = int.MaxValue });

        Assert.Equal(100_000, graph.InOrder().Count);
        Assert.Equal("r99999", NameOf(graph.InOrder()[0]));
    }

    [Fact]
    public void A_root_that_is_not_there_is_an_error() =>
        Assert.Throws<RecordNotFoundException>(
            () => new LineageWalk(_ => null).From(Digest.Of("x"u8), LineageDirection.Up, LineageLimits.Default));

    private static LineageGraph Walk(string text, LineageLimits limits)
    {
        var inputs = text.Split(';', StringSplitOptions.TrimEntries).Select(line => line.Split(':')).ToDictionary(
            parts => Id(parts[0]), parts => (Name: parts[0], From: parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        var walk = new LineageWalk(run => inputs.TryGetValue(run, out var one) ? Node(one.Name, one.From) : null);
        return walk.From(Id(text.Split(':')[0]), LineageDirection.Up, limits);
    }

    private static string NameOf(LineageNode node) => node.Run.Command;

    private static Digest Id(string name) => Digest.Of(Encoding.UTF8.GetBytes(name));

    private static LineageNode Node(string name, string[] from) => new()
    {
        Run = LineageSamples.Row(name),
        Depth = 0,
        Links = [.. from.Select(maker => new LineageLink(Id(maker), []))],
        Sources = [],
        SourceCount = 0,
    };
}
