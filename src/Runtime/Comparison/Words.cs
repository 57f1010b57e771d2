using System.Buffers;

namespace Provenance.Runtime.Comparison;

/// <summary>Takes a line apart into words.</summary>
internal static class Words
{
    private const byte Colon = (byte)':';

    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\f\v\n"u8);
    private static readonly SearchValues<byte> Marks = SearchValues.Create(",;()[]{}=<>\"'|"u8);
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" \t\r\f\v\n,;()[]{}=<>\"'|"u8);

    /// <summary>The next word or mark; empty at the end.</summary>
    public static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> line, ref int at)
    {
        int skipped = line[at..].IndexOfAnyExcept(Space);
        if (skipped < 0)
        {
            at = line.Length;
            return default;
        }

        at += skipped;
        int start = at;
        if (Marks.Contains(line[start]) || line[start] == Colon)
        {
            at++;
            return line[start..at];
        }

        // A colon inside a word belongs to it, as in a time of day; at its end it is a mark.
        int length = line[start..].IndexOfAny(Ends);
        at = length < 0 ? line.Length : start + length;
        at -= at - start > 1 && line[at - 1] == Colon ? 1 : 0;
        return line[start..at];
    }
}
