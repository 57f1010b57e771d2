using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Goes through two texts together, leaves out lines that are known to change with each run, and stops where they part.</summary>
internal sealed class LinePairs(ComparedContent then, ComparedContent now, VolatileLines volatiles, ILineComparer comparer)
{
    /// <summary>A field that goes on for longer than this is no field.</summary>
    private const int MaxOpenBytes = 1 << 20;

    private const int MaxLooks = 100;

    private const int ShownBytes = 200;

    private readonly TextLines _then = new(then.FromStart());
    private readonly TextLines _now = new(now.FromStart());
    private readonly SortedSet<string> _normalised = new(StringComparer.Ordinal);

    public Likeness Compare()
    {
        while (true)
        {
            bool hasThen = TryRead(_then, out var thenLine, out long number, out long offset);
            bool hasNow = TryRead(_now, out var nowLine, out _, out _);
            if (!hasThen && !hasNow)
            {
                return Whole(comparer.Finish().With(_normalised));
            }

            if (hasThen != hasNow)
            {
                string reason = hasThen ? $"ends now after line {_now.Number}" : $"ended then after line {_then.Number}";
                return Parted(thenLine, nowLine, Math.Max(_then.Number, _now.Number), offset, reason);
            }

            if (!thenLine.SequenceEqual(nowLine) && volatiles.Match(thenLine, nowLine) is { } form)
            {
                _normalised.Add(form);
            }
            else if (comparer.Compare(thenLine, nowLine, number) is { } reason)
            {
                return Parted(thenLine, nowLine, number, offset, reason);
            }
        }
    }

    /// <summary>A line, with those after it when a field goes on over them.</summary>
    private bool TryRead(TextLines lines, out ReadOnlySpan<byte> line, out long number, out long offset)
    {
        bool isThere = lines.TryRead(out line);
        (number, offset) = (lines.Number, lines.Offset);
        if (!isThere || !comparer.IsOpen(line))
        {
            return isThere;
        }

        List<byte> joined = [.. line];
        int looks = 0;
        bool isOpen = true;
        while (isOpen && lines.TryRead(out var more))
        {
            joined.Add((byte)'\n');
            joined.AddRange(more);
            if (joined.Count > MaxOpenBytes || looks > MaxLooks)
            {
                throw new UnreadableContentException("has a quoted field that does not end");
            }

            // Inside a quoted field quotes come in pairs, until it ends.
            if (more.Count((byte)'"') % 2 != 0)
            {
                looks++;
                isOpen = comparer.IsOpen(joined.ToArray());
            }
        }

        line = joined.ToArray();
        return true;
    }

    /// <summary>Where no line differs, the marks between the lines do.</summary>
    private static Likeness Whole(Likeness likeness) =>
        likeness is { Result: ComparisonResult.SameContent, Normalised.Count: 0 } ? likeness.With(["line ends"]) : likeness;

    private Likeness Parted(ReadOnlySpan<byte> thenLine, ReadOnlySpan<byte> nowLine, long number, long offset, string reason)
    {
        int common = thenLine.CommonPrefixLength(nowLine);
        var first = new FirstDifference
        {
            Offset = offset + common,
            Line = number,
            Original = Shown(thenLine, common),
            Replayed = Shown(nowLine, common),
        };
        return Likeness.Differs(comparer.Kind, reason).With(_normalised) with { First = first };
    }

    /// <summary>The part of a line around a difference, with every byte that is no character in it replaced.</summary>
    private static string Shown(ReadOnlySpan<byte> line, int at)
    {
        int start = Math.Max(0, at - ShownBytes / 2);
        while (start > 0 && start < line.Length && (line[start] & 0xC0) == 0x80)
        {
            start--;
        }

        string text = Encoding.UTF8.GetString(line[start..Math.Min(line.Length, start + ShownBytes)]);
        return string.Create(text.Length, text, static (shown, source) =>
        {
            for (int i = 0; i < shown.Length; i++)
            {
                shown[i] = char.IsControl(source[i]) && source[i] != '\t' ? '\uFFFD' : source[i];
            }
        });
    }
}
