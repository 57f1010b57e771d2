namespace Provenance.Runtime.Pinning;

/// <summary>How many stops a job may be made to suffer so that its end can be explained: some at once, and then few a second.</summary>
/// <remarks>
/// A stop takes some 15 µs of the job's time (measured, tests/Benchmarks). At once they come to less than 2 ms, and later to less than
/// a thousandth of the job's time, whatever the job does. Used on the tracer's thread alone.
/// </remarks>
/// <param name="clock">What time is counted by.</param>
internal sealed class FollowBudget(TimeProvider clock)
{
    /// <summary>What there is at the start, and at most later.</summary>
    public const int Most = 100;

    /// <summary>What a second adds.</summary>
    public const int PerSecond = 50;

    private double _left = Most;
    private long _at = clock.GetTimestamp();

    /// <summary>Whether there is enough again to begin anew with what was given up.</summary>
    public bool IsPlentiful => Left() > Most / 2.0;

    /// <summary>Takes what a stop costs, or what several do.</summary>
    /// <returns>False, and nothing is taken, when there is not as much left.</returns>
    public bool TrySpend(int stops)
    {
        if (Left() < stops)
            return false;
        _left -= stops;
        return true;
    }

    private double Left()
    {
        long now = clock.GetTimestamp();
        _left = Math.Min(Most, _left + (clock.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
        _at = now;
        return _left;
    }
}
