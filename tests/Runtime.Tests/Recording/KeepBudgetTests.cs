using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>How much of a run is kept.</summary>
public sealed class KeepBudgetTests
{
    [Theory]
    [InlineData(10, "10", "taken", 0)]
    [InlineData(10, "11", "refused", 1)]
    [InlineData(10, "6 6 4", "taken refused taken", 1)]
    [InlineData(10, "10 0 1", "taken taken refused", 1)]
    [InlineData(0, "0 1 2", "taken refused refused", 2)]
    public void What_does_not_fit_is_counted_and_smaller_files_still_fit(long limit, string sizes, string expected, int notKept)
    {
        var budget = new KeepBudget(limit);
        var said = sizes.Split(' ').Select(size => budget.TryTake(long.Parse(size)) ? "taken" : "refused").ToList();
        Assert.Equal(expected, string.Join(' ', said));
        Assert.Equal(notKept, budget.NotKept);
    }
}
