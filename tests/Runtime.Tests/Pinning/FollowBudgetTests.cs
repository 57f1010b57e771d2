using Provenance.Runtime.Pinning;
using Xunit;

namespace Provenance.Runtime.Tests.Pinning;

/// <summary>What following a job may cost, however long it runs.</summary>
public sealed class FollowBudgetTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void At_once_there_is_no_more_than_the_first_portion()
    {
        var budget = new FollowBudget(_clock);

        Assert.Equal(FollowBudget.Most, Enumerable.Range(0, 1000).Count(_ => budget.TrySpend(1)));
        Assert.False(budget.TrySpend(1));
        Assert.False(budget.IsPlentiful);
    }

    [Fact]
    public void Later_there_are_so_many_a_second_and_never_more_than_at_first()
    {
        var budget = new FollowBudget(_clock);
        Assert.True(budget.TrySpend(FollowBudget.Most));

        _clock.Seconds = 1;
        Assert.Equal(FollowBudget.PerSecond, Enumerable.Range(0, 1000).Count(_ => budget.TrySpend(1)));

        _clock.Seconds = 100_000;
        Assert.True(budget.IsPlentiful);
        Assert.False(budget.TrySpend(FollowBudget.Most + 1));
        Assert.True(budget.TrySpend(FollowBudget.Most));
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
