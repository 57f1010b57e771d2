using System.Buffers;

namespace Provenance.Runtime.Comparison;

/// <summary>Takes a line apart into words.</summary>
internal static class Words
{
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
        if (Marks.Contains(line[start]))
        {
            at++;
            return line[start..at];
        }

        int length = line[start..].IndexOfAny(Ends);
        at = length < 0 ? line.Length : start + length;
        return line[start..at];
    }
}
