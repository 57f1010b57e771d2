namespace Provenance.Runtime.Comparison;

/// <summary>Numbers that are of one kind, and are measured by the largest of them: a column, an array, a field.</summary>
/// <param name="name">As it is shown: <c>column 'energy'</c>; null where a place says it all.</param>
internal sealed class NumberGroup(string? name)
{
    public string? Name { get; } = name;

    /// <summary>The largest finite magnitude, then and now.</summary>
    public double Norm { get; private set; }

    /// <summary>The largest |a − b|; infinite when only one of a pair is finite or one is not a number.</summary>
    public double Difference { get; private set; }

    /// <summary>Pairs that are not the same number.</summary>
    public long Differing { get; private set; }

    public double Then { get; private set; }

    public double Now { get; private set; }

    /// <summary>Where the largest difference is, as the comparer counts.</summary>
    public long Place { get; private set; }

    /// <summary>The largest difference by the norm.</summary>
    public double Relative => Norm > 0 ? Difference / Norm : Difference == 0 ? 0 : double.PositiveInfinity;

    /// <param name="then">The number as it was.</param>
    /// <param name="now">As it is.</param>
    /// <param name="difference">|a − b|, and 0 for the same value in other bits.</param>
    /// <param name="place">As the comparer counts.</param>
    public void AddDiffering(double then, double now, double difference, long place)
    {
        AddNorm(then);
        AddNorm(now);
        if (Differing++ == 0 || difference > Difference)
        {
            (Then, Now, Difference, Place) = (then, now, difference, place);
        }
    }

    /// <summary>A number that is the same then and now.</summary>
    public void AddSame(double value) => AddNorm(value);

    /// <summary>|a − b| of two numbers that are not the same; infinite where that says nothing.</summary>
    public static double Distance(double then, double now)
    {
        if (double.IsNaN(then) && double.IsNaN(now) || then == now)
        {
            return 0;
        }

        double distance = Math.Abs(then - now);
        return double.IsNaN(distance) ? double.PositiveInfinity : distance;
    }

    private void AddNorm(double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude > Norm && double.IsFinite(magnitude))
        {
            Norm = magnitude;
        }
    }
}
