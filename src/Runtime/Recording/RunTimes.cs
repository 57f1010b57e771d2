using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Provenance.Runtime.Comparison;

namespace Provenance.Runtime.Recording;

/// <summary>Finds in what a job left the time at which it ran: such a result is another with every run, whatever asked the clock.</summary>
/// <remarks>
/// A date with a time of day, to the minute at least, or a count since 1970 (in seconds, or thousandths, millionths, billionths), that lies between
/// start and end of the job, within a second; and the time in the header of a gzip file (RFC 1952 §2.3.1), of the members of a zip file
/// (APPNOTE 4.4.6) and of a tar (pax(1), ustar). A date alone tells nothing, nor does a time of day without one.
/// </remarks>
internal sealed class RunTimes
{
    /// <summary>Of one content so much is looked at, in bytes: half from its beginning, half from its end.</summary>
    public const int LookBytes = 256 << 10;

    /// <summary>Places of all contents together at which a year is read: data may be full of them.</summary>
    private const int MostLooks = 20_000;

    private const int Before = 40;
    private const int After = 48;

    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private readonly TimeSpan[] _offsets;
    private readonly SearchValues<string> _marks;
    private int _looksLeft = MostLooks;

    /// <param name="startedAt">Of the job.</param>
    /// <param name="endedAt">Of the job.</param>
    /// <param name="zone">Value of TZ that the job had; null or empty for none.</param>
    public RunTimes(DateTimeOffset startedAt, DateTimeOffset endedAt, string? zone)
    {
        _from = startedAt.AddSeconds(-1);
        _until = endedAt.AddSeconds(1);
        _offsets = [.. Zones(zone).Select(zone => zone.GetUtcOffset(startedAt)).Append(TimeSpan.Zero).Distinct()];
        // The year is another in some zones in the first and last hours of one.
        _marks = SearchValues.Create(
            [.. Enumerable.Range(_from.AddDays(-1).Year, _until.AddDays(1).Year - _from.AddDays(-1).Year + 1)
                .Select(year => year.ToString(CultureInfo.InvariantCulture)).Concat(Counts()).Distinct()],
            StringComparison.Ordinal);
    }

    /// <summary>Where the time of the run stands, in words; null when it was not found.</summary>
    /// <param name="content">The first bytes, and perhaps the last.</param>
    /// <param name="at">Of the first of them in the content.</param>
    public string? Find(ReadOnlySpan<byte> content, long at = 0)
    {
        if (at == 0 && HeaderTime(content) is { } header)
        {
            return header;
        }

        // A character for each byte, so that places are bytes.
        string text = Encoding.Latin1.GetString(content);
        for (int next = 0; _looksLeft > 0 && text.AsSpan(next).IndexOfAny(_marks) is >= 0 and var found; next += found + 1)
        {
            int place = next + found;
            if (CountAt(text, place) is { } count)
            {
                return Word(count, at + place);
            }

            if (!text.AsSpan(place).StartsWith("20", StringComparison.Ordinal))
            {
                continue;
            }

            _looksLeft--;
            int start = Math.Max(0, place - Before);
            string around = text[start..Math.Min(text.Length, place + After)];
            foreach (var moment in MomentText.Read(around, place - start, _offsets))
            {
                if (moment.From < _until && moment.Until > _from)
                {
                    return Word(moment.Text, at + start + moment.Index);
                }
            }
        }

        return null;
    }

    private static string Word(string text, long place) => string.Create(CultureInfo.InvariantCulture, $"'{text.Trim()}' at byte {place}");

    private static IEnumerable<TimeZoneInfo> Zones(string? name)
    {
        yield return TimeZoneInfo.Local;
        if (!string.IsNullOrEmpty(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name.TrimStart(':'), out var zone))
        {
            yield return zone;
        }
    }

    /// <summary>The first digits that all seconds between start and end have.</summary>
    private IEnumerable<string> Counts()
    {
        const int MostPrefixes = 50;
        const int SecondsInPrefix = 10_000;
        long first = _from.ToUnixTimeSeconds() / SecondsInPrefix;
        long last = Math.Min(_until.ToUnixTimeSeconds() / SecondsInPrefix, first + MostPrefixes);
        for (long prefix = first; prefix <= last; prefix++)
        {
            yield return prefix.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The count since 1970 that begins there, if it is one of the run's.</summary>
    private string? CountAt(string text, int place)
    {
        const int SecondDigits = 10;
        const int MostDigits = 19;
        int end = place;
        while (end < text.Length && end - place <= MostDigits && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        bool isNumber = (place == 0 || !(char.IsAsciiLetterOrDigit(text[place - 1]) || text[place - 1] is '.' or '_'))
            && (end == text.Length || !(char.IsAsciiLetter(text[end]) || text[end] == '_'));
        if (!isNumber || end - place is not (SecondDigits or 13 or 16 or 19))
        {
            return null;
        }

        long seconds = long.Parse(text.AsSpan(place, SecondDigits), NumberStyles.None, CultureInfo.InvariantCulture);
        return IsOfTheRun(seconds, 1) ? text[place..end] : null;
    }

    private bool IsOfTheRun(long seconds, int length)
    {
        const long LastSecond = 253_402_300_799;
        return seconds is >= 0 and < LastSecond
            && DateTimeOffset.FromUnixTimeSeconds(seconds) is var from && from < _until && from.AddSeconds(length) > _from;
    }

    private string? HeaderTime(ReadOnlySpan<byte> content)
    {
        if (content.Length >= 8 && content.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]))
        {
            return IsOfTheRun(BinaryPrimitives.ReadUInt32LittleEndian(content[4..]), 1) ? "time in the gzip header" : null;
        }

        return content.StartsWith("PK\x03\x04"u8) ? ZipTime(content) : TarTime(content);
    }

    private string? ZipTime(ReadOnlySpan<byte> content)
    {
        const int HeaderBytes = 30;
        for (int at = 0; at + HeaderBytes <= content.Length;)
        {
            int time = BinaryPrimitives.ReadUInt16LittleEndian(content[(at + 10)..]);
            int date = BinaryPrimitives.ReadUInt16LittleEndian(content[(at + 12)..]);
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(content[(at + 26)..]);
            if (DosTime(date, time) is { } local
                && _offsets.Any(offset => IsOfTheRun(new DateTimeOffset(local, offset).ToUnixTimeSeconds(), 2)))
            {
                string name = Encoding.UTF8.GetString(content.Slice(at + HeaderBytes, Math.Min(nameBytes, content.Length - at - HeaderBytes)));
                return $"time of the zip member '{name}'";
            }

            int next = content[(at + HeaderBytes)..].IndexOf("PK\x03\x04"u8);
            if (next < 0)
            {
                return null;
            }

            at += HeaderBytes + next;
        }

        return null;
    }

    private static DateTime? DosTime(int date, int time)
    {
        var (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        var (hour, minute, second) = (time >> 11, (time >> 5) & 63, (time & 31) * 2);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified)
            : null;
    }

    private string? TarTime(ReadOnlySpan<byte> content)
    {
        const int BlockBytes = 512;
        for (long at = 0; at + BlockBytes <= content.Length;)
        {
            var header = content.Slice((int)at, BlockBytes);
            if (!header[257..].StartsWith("ustar"u8) || Octal(header.Slice(124, 12)) is not { } size)
            {
                return null;
            }

            if (Octal(header.Slice(136, 12)) is { } modified && IsOfTheRun(modified, 1))
            {
                var name = header[..100];
                int end = name.IndexOf((byte)0);
                return $"time of the tar member '{Encoding.UTF8.GetString(end < 0 ? name : name[..end])}'";
            }

            at += BlockBytes + ((size + BlockBytes - 1) / BlockBytes * BlockBytes);
        }

        return null;
    }

    /// <summary>Null for what is no octal number; those in base 256 are of other centuries.</summary>
    private static long? Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (byte digit in field.Trim((ReadOnlySpan<byte>)[(byte)' ', 0]))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value * 8) + digit - '0';
        }

        return value;
    }
}
