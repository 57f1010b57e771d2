using Provenance.Archive.Differences;
using Xunit;

namespace Provenance.Archive.Tests.Differences;

/// <summary>Lists side by side, written as <c>a:b</c> a pair, a dash for what is not there.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a b", "a b", "a:a b:b")]
    [InlineData("a b", "", "a:- b:-")]
    [InlineData("", "a b", "-:a -:b")]
    [InlineData("a 3 z", "a 5 z", "a:a 3:5 z:z")]
    [InlineData("a z", "a -q z", "a:a -:-q z:z")]
    [InlineData("a x y z", "a z", "a:a x:- y:- z:z")]
    [InlineData("run -n 1 in out", "run --fast -n 2 in out", "run:run -:--fast -n:-n 1:2 in:in out:out")]
    [InlineData("a b c", "d e", "a:d b:e c:-")]
    public void Words_are_aligned(string a, string b, string expected) =>
        Assert.Equal(expected, Text(SideBySide.Align(Words(a), Words(b))));

    [Fact]
    public void Very_long_command_lines_are_compared_place_by_place()
    {
        string[] many = [.. Enumerable.Range(0, 100_000).Select(i => $"{i}")];

        var words = SideBySide.Align(many, [.. many, "more"]);

        Assert.Equal((100_001, "more"), (words.Count, Assert.Single(words, word => !word.IsSame).B));
    }

    [Theory]
    [InlineData("a=1 b=2", "b=2 c=3", "1:- 2:2 -:3")]
    [InlineData("b=2 a=1", "a=9", "1:9 2:-")]
    [InlineData("a=1 a=2", "a=1", "1; 2:1")]
    public void Things_are_compared_by_name(string a, string b, string expected) =>
        Assert.Equal(expected, Text(SideBySide.ByName(Words(a), Words(b), word => word.Split('=')[0], word => word.Split('=')[1])));

    [Theory]
    [InlineData("a=1 b=2 d=4", "b=3 c=3 d=4", true, "1:- 2:3 -:3 4:4")]
    [InlineData("a=1 b=2 d=4", "b=3 c=3 d=4", false, "1:- 2:3 -:3")]
    [InlineData("", "a=1", false, "-:1")]
    public void Sorted_lists_are_merged(string a, string b, bool keepSame, string expected) => Assert.Equal(
        expected,
        Text(SideBySide.BySortedName(Words(a), Words(b), word => word.Split('=')[0], word => word.Split('=')[1], keepSame)));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(IReadOnlyList<Difference> items) =>
        string.Join(' ', items.Select(item => $"{item.A ?? "-"}:{item.B ?? "-"}"));
}
