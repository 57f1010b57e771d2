using System.Globalization;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Upkeep;

/// <summary>Numbers of bytes as people write them: <c>4096</c>, <c>500M</c>, <c>20 GiB</c>; all units are powers of 1024.</summary>
public static partial class ByteSize
{
    private const string Units = "kmgtp";
    private const int BitsOfUnit = 10;

    /// <returns>Null when it is no such number, or more than a file system can hold.</returns>
    public static long? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return null;
        }

        string unit = match.Groups["unit"].Value.ToLowerInvariant();
        int shift = unit.Length == 0 ? 0 : (Units.IndexOf(unit[0], StringComparison.Ordinal) + 1) * BitsOfUnit;
        return number <= long.MaxValue >> shift ? number << shift : null;
    }

    /// <summary>As messages say it: the largest unit of which there is at least one.</summary>
    public static string Text(long bytes)
    {
        int unit = 0;
        double value = bytes;
        for (; value >= 1 << BitsOfUnit && unit < Units.Length; unit++)
        {
            value /= 1 << BitsOfUnit;
        }

        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} B")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {char.ToUpperInvariant(Units[unit - 1])}iB");
    }

    [GeneratedRegex(@"\A(?<number>[0-9]+) ?(?<unit>[kmgtpKMGTP]?)(i?[bB])?\z")]
    private static partial Regex Pattern();
}
