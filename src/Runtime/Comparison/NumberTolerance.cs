using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>How far two numbers may be apart: |a − b| ≤ absolute + relative · norm.</summary>
internal readonly record struct NumberTolerance(double Relative, double Absolute)
{
    public static NumberTolerance? Of(ComparisonTolerance? tolerance) => tolerance is null
        ? null
        : new NumberTolerance(Parse(tolerance.Relative), Parse(tolerance.Absolute));

    /// <summary>Whether the text is a decimal that is finite and not negative.</summary>
    public static bool IsValid(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value);

    /// <param name="difference">|a − b|; infinite when only one of them is a finite number.</param>
    /// <param name="norm">The largest magnitude of their group.</param>
    public bool Allows(double difference, double norm) => difference <= Absolute + Relative * norm;

    private static double Parse(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
