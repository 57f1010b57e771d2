using System.Globalization;
using System.Text.RegularExpressions;

namespace Provenance.Runtime.Comparison;

/// <summary>Reads dates with a time of day, as programs write them.</summary>
internal static partial class MomentText
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private static readonly Regex[] Patterns = [YearFirst(), YearLast(), DayMonthYear(), MonthDayYear(), DayFirst()];

    /// <summary>The moments that a text may mean, with the text itself: of one without a zone, one for each zone given.</summary>
    /// <param name="text">A few dozen characters around a year.</param>
    /// <param name="year">Where the year is in it.</param>
    /// <param name="offsets">Of the zones that a time without one may be in.</param>
    public static IEnumerable<Moment> Read(string text, int year, IReadOnlyList<TimeSpan> offsets)
    {
        foreach (var pattern in Patterns)
        {
            foreach (Match match in pattern.Matches(text))
            {
                if (match.Groups["y"].Index != year)
                {
                    continue;
                }

                foreach (var (month, day) in Days(match))
                {
                    foreach (var offset in OffsetOf(match.Groups["z"].Value) is { } known ? [known] : offsets)
                    {
                        if (At(match, month, day, offset) is { } moment)
                        {
                            yield return moment;
                        }
                    }
                }
            }
        }
    }

    private static IEnumerable<(int Month, int Day)> Days(Match match)
    {
        int day = Number(match, "d");
        if (match.Groups["mon"].Success)
        {
            yield return ((Months.IndexOf(match.Groups["mon"].Value, StringComparison.Ordinal) / 3) + 1, day);
            yield break;
        }

        int month = Number(match, "mo");
        yield return (month, day);
        if (match.Groups["either"].Success)
        {
            yield return (day, month);
        }
    }

    private static Moment? At(Match match, int month, int day, TimeSpan offset)
    {
        int year = Number(match, "y");
        int hour = Number(match, "h");
        string half = match.Groups["p"].Value;
        if (half.Length > 0)
        {
            hour = (hour % 12) + (half[0] is 'P' or 'p' ? 12 : 0);
        }

        int minute = Number(match, "mi");
        bool hasSeconds = match.Groups["s"].Success;
        int second = hasSeconds ? Number(match, "s") : 0;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        var from = new DateTimeOffset(year, month, day, hour, minute, second, offset);
        return new Moment(match.Value, match.Index, from, from + (hasSeconds ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1)));
    }

    /// <summary>Null where the zone is not said, or by a name that is not the same everywhere.</summary>
    private static TimeSpan? OffsetOf(string zone)
    {
        if (zone is "Z" or "UTC" or "GMT")
        {
            return TimeSpan.Zero;
        }

        if (zone.Length < 5 || zone[0] is not ('+' or '-'))
        {
            return null;
        }

        int hours = int.Parse(zone.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture);
        int minutes = int.Parse(zone.AsSpan(zone.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture);
        var offset = new TimeSpan(hours, minutes, 0);
        return hours > 14 || offset > TimeSpan.FromHours(14) ? null : zone[0] == '-' ? -offset : offset;
    }

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 and RFC 3339, with and without separators: 2026-12-01T03:04:05Z, 20261201-030405; PDF's D:20261201030405+01'00'.</summary>
    [GeneratedRegex(
        """
        (?<!\d)(?<y>20\d\d)[-/.:]?(?<mo>[01]\d)[-/.:]?(?<d>[0-3]\d)
        [T_\x20,-]{0,3}(?<h>[0-2]\d)[:.h]?(?<mi>[0-5]\d)(?:[:.m]?(?<s>[0-6]\d)(?:[.,]\d{1,9})?)?
        (?:\x20?(?<z>Z|UTC|GMT|[+-][01]\d[:']?[0-5]\d))?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex YearFirst();

    /// <summary>ctime(3) and date(1): Tue Dec  1 03:04:05 UTC 2026.</summary>
    [GeneratedRegex(
        """
        (?<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\x20+(?<d>\d{1,2}),?
        \x20+(?<h>\d{1,2}):(?<mi>[0-5]\d)(?::(?<s>[0-6]\d)(?:[.,]\d{1,9})?)?(?:\x20?(?<p>[AaPp][Mm]))?
        (?:\x20+(?<z>[A-Z]{1,5}|[+-]\d\d:?\d\d))?\x20+(?<y>20\d\d)(?!\d)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex YearLast();

    /// <summary>RFC 5322 and RFC 9110, git: 1 Dec 2026 03:04:05 GMT, 01-Dec-2026 03:04:05.</summary>
    [GeneratedRegex(
        """
        (?<!\d)(?<d>\d{1,2})[\x20-](?<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[\x20-](?<y>20\d\d)
        [\x20,T-]{1,3}(?<h>\d{1,2}):(?<mi>[0-5]\d)(?::(?<s>[0-6]\d)(?:[.,]\d{1,9})?)?(?:\x20?(?<p>[AaPp][Mm]))?
        (?:\x20?(?<z>GMT|UTC|Z|[+-]\d\d:?\d\d))?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex DayMonthYear();

    /// <summary>December 1, 2026 at 3:04 PM.</summary>
    [GeneratedRegex(
        """
        (?<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\x20+(?<d>\d{1,2}),?\x20+(?<y>20\d\d),?
        (?:\x20at)?\x20+(?<h>\d{1,2}):(?<mi>[0-5]\d)(?::(?<s>[0-6]\d))?(?:\x20?(?<p>[AaPp][Mm]))?
        (?:\x20?(?<z>GMT|UTC|Z|[+-]\d\d:?\d\d))?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex MonthDayYear();

    /// <summary>01.12.2026 03:04, and 12/01/2026 03:04.</summary>
    [GeneratedRegex(
        """
        (?<!\d)(?<either>(?<d>\d{1,2})[./-](?<mo>\d{1,2}))[./-](?<y>20\d\d)
        [\x20,T]{1,3}(?<h>\d{1,2}):(?<mi>[0-5]\d)(?::(?<s>[0-6]\d))?(?:\x20?(?<p>[AaPp][Mm]))?
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex DayFirst();
}
