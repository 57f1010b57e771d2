namespace Provenance.Archive.Images.Packages;

/// <summary>Reads one table of a database of SQLite that anybody may have made.</summary>
/// <remarks>
/// SQLite itself would need a file to itself, and runs what a schema says (sqlite.org/security.html); of one table the format is
/// two kinds of page. Source: sqlite.org/fileformat2.html, sections 1.3, 1.6, 2.1 and 2.6.
/// </remarks>
internal sealed class SqliteTable
{
    private const int HeaderBytes = 100;
    private const int InteriorPage = 5;
    private const int LeafPage = 13;

    /// <summary>A tree of 2^32 pages has fewer levels.</summary>
    private const int MaxDepth = 20;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _pageBytes;
    private readonly int _usableBytes;
    private readonly HashSet<long> _seen = [];
    private long _payloadLeft;

    /// <exception cref="ImageException">It is no database of SQLite.</exception>
    public SqliteTable(ReadOnlyMemory<byte> file)
    {
        if (!file.Span.StartsWith("SQLite format 3\0"u8))
        {
            throw new ImageException("is no database of SQLite");
        }

        _file = file;
        _pageBytes = file.BigEndian16(16) is 1 ? 1 << 16 : file.BigEndian16(16);
        _usableBytes = _pageBytes - file.Number8(20);
        if (_pageBytes < 512 || (_pageBytes & (_pageBytes - 1)) != 0 || _usableBytes < 480)
        {
            throw new ImageException($"has pages of {_pageBytes} bytes");
        }

        _payloadLeft = file.Length;
    }

    /// <summary>Of each row of a table the first column that is a blob.</summary>
    /// <exception cref="ImageException">There is no such table, or it is broken.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Blobs(string table)
    {
        long root = Rows(1, 0).Select(row => RootOf(row, table)).FirstOrDefault(page => page > 0);
        if (root == 0)
        {
            throw new ImageException($"has no table {table}");
        }

        // The first page is of the schema, and may have been left half way.
        _seen.Clear();
        _payloadLeft = _file.Length;
        return Rows(root, 0).Select(row => Columns(row).FirstOrDefault(column => column.Type >= 12 && column.Type % 2 == 0).Value);
    }

    /// <summary>0 when the row of the schema is of something else. Columns: type, name, tbl_name, rootpage, sql.</summary>
    private static long RootOf(ReadOnlyMemory<byte> row, string table)
    {
        var columns = Columns(row).Take(4).ToList();
        return columns.Count == 4 && IsText(columns[0], "table") && IsText(columns[1], table) && columns[3].Type is > 0 and <= 6 ? Number(columns[3].Value) : 0;
    }

    private static bool IsText((long Type, ReadOnlyMemory<byte> Value) column, string text) =>
        column.Type >= 13 && column.Type % 2 == 1 && System.Text.Encoding.UTF8.GetString(column.Value.Span) == text;

    private static long Number(ReadOnlyMemory<byte> bigEndian)
    {
        long number = 0;
        foreach (byte digit in bigEndian.Span)
        {
            number = (number << 8) | digit;
        }

        return number;
    }

    private static IEnumerable<(long Type, ReadOnlyMemory<byte> Value)> Columns(ReadOnlyMemory<byte> row)
    {
        long at = 0;
        long end = Varint(row, ref at);
        long value = end;
        while (at < end)
        {
            long type = Varint(row, ref at);
            long bytes = type switch
            {
                >= 12 => (type - 12) / 2,
                0 or 8 or 9 => 0,
                >= 1 and <= 4 => type,
                5 => 6,
                6 or 7 => 8,
                _ => throw new ImageException("has a column of no known type"),
            };
            yield return (type, row.Part(value, bytes));
            value += bytes;
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Rows(long number, int depth)
    {
        if (depth > MaxDepth || !_seen.Add(number))
        {
            throw new ImageException("has pages that lead in a circle");
        }

        var page = _file.Part((number - 1) * _pageBytes, _pageBytes);
        int start = number == 1 ? HeaderBytes : 0;
        int kind = page.Number8(start);
        int cells = page.BigEndian16(start + 3);
        if (kind is not (InteriorPage or LeafPage))
        {
            throw new ImageException("has a page that is of no table");
        }

        int pointers = start + (kind == LeafPage ? 8 : 12);
        for (int i = 0; i < cells; i++)
        {
            long cell = page.BigEndian16(pointers + (2 * i));
            if (kind == LeafPage)
            {
                yield return Payload(page, cell);
                continue;
            }

            foreach (var row in Rows(page.BigEndian32(cell), depth + 1))
            {
                yield return row;
            }
        }

        foreach (var row in kind == InteriorPage ? Rows(page.BigEndian32(start + 8), depth + 1) : [])
        {
            yield return row;
        }
    }

    private ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> page, long cell)
    {
        long size = Varint(page, ref cell);
        _ = Varint(page, ref cell);
        _payloadLeft -= size;
        if (size < 0 || _payloadLeft < 0)
        {
            throw new ImageException("has rows of more bytes than it has itself");
        }

        long most = _usableBytes - 35;
        if (size <= most)
        {
            return page.Part(cell, size);
        }

        long least = ((_usableBytes - 12) * 32 / 255) - 23;
        long here = least + ((size - least) % (_usableBytes - 4));
        here = here <= most ? here : least;
        byte[] payload = new byte[size];
        page.Part(cell, here).CopyTo(payload);
        long next = page.BigEndian32(cell + here);
        for (long filled = here; filled < size;)
        {
            var overflow = _file.Part((next - 1) * _pageBytes, _pageBytes);
            int some = (int)Math.Min(size - filled, _usableBytes - 4);
            overflow.Part(4, some).CopyTo(payload.AsMemory((int)filled));
            filled += some;
            next = overflow.BigEndian32(0);
        }

        return payload;
    }

    /// <summary>Seven bits a byte, the highest first; of the ninth byte all eight.</summary>
    private static long Varint(ReadOnlyMemory<byte> data, ref long at)
    {
        long value = 0;
        for (int i = 0; i < 8; i++)
        {
            int digit = data.Number8(at++);
            value = (value << 7) | (uint)(digit & 0x7F);
            if (digit < 0x80)
            {
                return value;
            }
        }

        return (value << 8) | (uint)data.Number8(at++);
    }
}
