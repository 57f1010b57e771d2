using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Finds where two contents first differ, and what stands there.</summary>
internal static class FirstDifferenceFinder
{
    private const int BufferBytes = 1 << 16;
    private const int MaxHexBytes = 16;

    /// <summary>Of a longer line the part around the difference is shown.</summary>
    private const int MaxLineBytes = 200;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when the contents agree.</summary>
    /// <param name="original">Read once, from its start.</param>
    /// <param name="replayed">Read once, from its start.</param>
    public static FirstDifference? Find(Stream original, Stream replayed)
    {
        byte[] then = new byte[BufferBytes];
        byte[] now = new byte[BufferBytes];
        long offset = 0;
        long lines = 0;
        var tail = Array.Empty<byte>();
        while (true)
        {
            int thenLength = original.ReadAtLeast(then, then.Length, throwOnEndOfStream: false);
            int nowLength = replayed.ReadAtLeast(now, now.Length, throwOnEndOfStream: false);
            int common = then.AsSpan(0, thenLength).CommonPrefixLength(now.AsSpan(0, nowLength));
            if (common < thenLength || common < nowLength)
            {
                byte[] thenPart = [.. tail, .. then.AsSpan(0, thenLength)];
                byte[] nowPart = [.. tail, .. now.AsSpan(0, nowLength)];
                return Describe(thenPart, nowPart, tail.Length + common, offset + common, lines);
            }

            if (thenLength < then.Length)
            {
                return null;
            }

            offset += common;
            lines += then.AsSpan().Count((byte)'\n');
            tail = LineStart(then);
        }
    }

    /// <summary>What has been read of the last line, so that the line can be shown when its other part differs.</summary>
    private static byte[] LineStart(byte[] block)
    {
        int start = block.AsSpan().LastIndexOf((byte)'\n') + 1;
        return block[Math.Max(start, block.Length - MaxLineBytes)..];
    }

    /// <param name="then">Part of the original in which the difference lies.</param>
    /// <param name="now">The same part of what came out now.</param>
    /// <param name="at">Where in the parts it is.</param>
    /// <param name="offset">Where in the whole it is.</param>
    /// <param name="linesBefore">Lines that ended before the parts.</param>
    private static FirstDifference Describe(byte[] then, byte[] now, int at, long offset, long linesBefore)
    {
        string? thenLine = LineAround(then, at);
        string? nowLine = LineAround(now, at);
        bool isText = thenLine is not null && nowLine is not null;
        return new FirstDifference
        {
            Offset = offset,
            Line = isText ? linesBefore + then.AsSpan(0, at).Count((byte)'\n') + 1 : null,
            Original = isText ? thenLine! : HexFrom(then, at),
            Replayed = isText ? nowLine! : HexFrom(now, at),
        };
    }

    private static string HexFrom(byte[] part, int at) =>
        Convert.ToHexStringLower(part.AsSpan(at, Math.Min(MaxHexBytes, part.Length - at)));

    /// <summary>Null when it is no text.</summary>
    private static string? LineAround(byte[] part, int at)
    {
        int start = part.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        int length = part.AsSpan(at).IndexOf((byte)'\n');
        int end = length < 0 ? part.Length : at + length;
        start = SkipContinuation(part, Math.Max(start, at - MaxLineBytes / 2), at);
        end = Math.Min(end, start + MaxLineBytes);
        while (end > start && end < part.Length && IsContinuation(part[end]))
        {
            end--;
        }

        try
        {
            string line = StrictUtf8.GetString(part, start, end - start);
            return line.Any(character => char.IsControl(character) && character is not ('\t' or '\r')) ? null : line;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int SkipContinuation(byte[] part, int start, int limit)
    {
        while (start < limit && IsContinuation(part[start]))
        {
            start++;
        }

        return start;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
