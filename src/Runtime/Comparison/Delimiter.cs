namespace Provenance.Runtime.Comparison;

/// <summary>What parts the fields of a table: a comma, a semicolon or a tab.</summary>
internal static class Delimiter
{
    private const int LinesLookedAt = 20;

    /// <summary>Told by the ending of the name, else by the first lines, which must all have as many of it.</summary>
    /// <param name="head">The beginning of the text.</param>
    /// <param name="name">Of the file.</param>
    /// <returns>Null when it is no such table.</returns>
    public static byte? Of(ReadOnlySpan<byte> head, string name)
    {
        bool isCsv = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        if (name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tab", StringComparison.OrdinalIgnoreCase))
        {
            return (byte)'\t';
        }

        foreach (byte candidate in "\t;,"u8)
        {
            if (IsTable(head, candidate))
            {
                return candidate;
            }
        }

        return isCsv ? (byte)',' : null;
    }

    private static bool IsTable(ReadOnlySpan<byte> head, byte delimiter)
    {
        int fields = 0;
        int lines = 0;
        while (lines < LinesLookedAt)
        {
            int end = head.IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            var line = head[..end];
            head = head[(end + 1)..];
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            int count = CountOutsideQuotes(line, delimiter);
            if (count == 0 || lines > 0 && count != fields)
            {
                return false;
            }

            fields = count;
            lines++;
        }

        return lines > 1;
    }

    private static int CountOutsideQuotes(ReadOnlySpan<byte> line, byte delimiter)
    {
        int count = 0;
        bool isQuoted = false;
        foreach (byte value in line)
        {
            isQuoted ^= value == '"';
            count += value == delimiter && !isQuoted ? 1 : 0;
        }

        return count;
    }
}
