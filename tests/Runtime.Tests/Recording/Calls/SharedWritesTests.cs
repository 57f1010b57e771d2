using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Tests.Recording.Calls;

public sealed class SharedWritesTests
{
    /// <summary>Events in order: <c>2&lt;1</c> is process 2 that process 1 started, <c>2w</c> and <c>2r</c> that it opens the file for writing and reading.</summary>
    [Theory]
    [InlineData("2<1 3<1 2w 3w", true)]
    [InlineData("2<1 2w 3<1 3w", false)]
    [InlineData("2<1 3<2 2w 3w", false)]
    [InlineData("2<1 3<2 3w 2w", false)]
    [InlineData("2<1 3<1 2w 3r", false)]
    [InlineData("2<1 3<1 2r 3w", false)]
    [InlineData("2<1 3<1 2w 2w", false)]
    [InlineData("2<1 3<2 4<1 5<4 3w 5w", true)]
    [InlineData("2<1 3<1 2w 4<1 4w 3w", true)]
    [InlineData("2<1 4<1 5<1 4w 5w", true)]
    [InlineData("2<1 4<3 2w 4w", false)]
    public void Writers_side_by_side_are_found(string events, bool expected)
    {
        var tree = new ProcessTree();
        var writes = new SharedWrites(tree);
        tree.Add(new ProcessStarted { Process = 1, Parent = 0 });
        foreach (string word in events.Split(' '))
        {
            if (word.Split('<') is [var child, var parent])
                tree.Add(new ProcessStarted { Process = int.Parse(child), Parent = int.Parse(parent) });
            else
                writes.Add("/out", Touch(int.Parse(word[..^1]), word[^1] == 'w' ? FileAccess.Write : FileAccess.Read));
        }

        Assert.Equal(expected, writes.Paths.Contains("/out"));
    }

    [Fact]
    public void Where_one_was_not_told_of_those_after_it_still_have_their_parents()
    {
        var tree = new ProcessTree();
        foreach (var (process, parent) in ((int, int)[])[(1, 0), (2, 1), (4, 2), (5, 4), (4, 1)])
            tree.Add(new ProcessStarted { Process = process, Parent = parent });

        Assert.Equal([0, 1, 0, 2, 4, 0], Enumerable.Range(1, 6).Select(tree.ParentOf));
        Assert.Equal(5, tree.Count);
    }

    private static FileTouched Touch(int process, FileAccess access) =>
        new() { Process = process, Path = "/out", Access = access, Before = null };
}
