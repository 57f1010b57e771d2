using System.Text.RegularExpressions;

namespace Provenance.Runtime.Comparison;

/// <summary>Finds dates and times in text, as programs write them.</summary>
internal static partial class TimeText
{
    /// <summary>Whether two texts are the same but for dates and times that stand in both.</summary>
    public static bool ExplainsDifference(string then, string now) =>
        then != now && Pattern().IsMatch(then) && Pattern().IsMatch(now) && Pattern().Replace(then, "#") == Pattern().Replace(now, "#");

    /// <summary>
    /// Seconds since 1970 of the years 2001 to 2096, ISO 8601, RFC 2822 and ctime(3), D/M/Y, 01Jan2026, hours and minutes.
    /// </summary>
    [GeneratedRegex(
        """
        (?<![\w.])1[0-9]{9}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?(?:\.[0-9]+)?(?![\w.])|
        (?<![\w.])[23][0-9]{9}(?![\w.])|

        (?<!\d)(?:19|20)[0-9]{2}[-/.:][01]?[0-9][-/.:][0-3]?[0-9]
          (?:[T_ -]+[0-2]?[0-9][:.]?[0-5][0-9](?:[:.]?[0-6][0-9](?:[.,][0-9]+)?)?)?(?:Z|\x20?[+-][01][0-9]:?[0-5][0-9])?(?!\d)|
        (?<!\d)(?:19|20)[0-9]{6}(?:[T_-]?[0-2][0-9][0-5][0-9](?:[0-6][0-9])?)?Z?(?!\d)|
        (?<!\d)[0-3]?[0-9][-/.][01]?[0-9][-/.](?:19|20)[0-9]{2}(?!\d)|

        (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\x20+)?(?<!\d)[0-3]?[0-9][-\x20]*
          (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[-\x20,]*(?:19|20)[0-9]{2}(?!\d)|
        (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\x20+)?
          (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\x20+[0-3]?[0-9](?!\d)(?:,?\x20+(?:19|20)[0-9]{2}(?!\d))?|

        (?<!\d)[0-2]?[0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?(?:\x20?(?:AM|PM))?(?!\d)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
