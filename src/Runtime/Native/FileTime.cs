using System.Globalization;

namespace Provenance.Runtime.Native;

/// <summary>A time as the kernel keeps it: seconds since 1970 UTC, negative before, and nanoseconds from 0 to 999,999,999.</summary>
internal readonly record struct FileTime(long Seconds, int Nanoseconds)
{
    private const string WholeSeconds = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>RFC 3339 in UTC with nine digits: <c>2026-11-24T04:05:06.789012345Z</c>. Null for a year that has not four digits.</summary>
    public string? ToRfc3339()
    {
        const long FirstSecond = -62_135_596_800;
        const long LastSecond = 253_402_300_799;
        if (Seconds is < FirstSecond or > LastSecond)
        {
            return null;
        }

        string whole = DateTimeOffset.FromUnixTimeSeconds(Seconds).ToString(WholeSeconds, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{whole}.{Nanoseconds:D9}Z");
    }

    /// <summary>Reads what <see cref="ToRfc3339"/> writes, and nothing else.</summary>
    public static bool TryParse(string text, out FileTime time)
    {
        const int PointAt = 19;
        const int Length = 30;
        time = default;
        if (text.Length != Length || text[PointAt] != '.' || text[^1] != 'Z'
            || !int.TryParse(text.AsSpan(PointAt + 1, 9), NumberStyles.None, CultureInfo.InvariantCulture, out int nanoseconds)
            || !DateTimeOffset.TryParseExact(
                text.AsSpan(0, PointAt), WholeSeconds, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seconds))
        {
            return false;
        }

        time = new FileTime(seconds.ToUnixTimeSeconds(), nanoseconds);
        return true;
    }
}
