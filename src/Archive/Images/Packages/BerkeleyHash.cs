namespace Provenance.Archive.Images.Packages;

/// <summary>Reads the values of a hash table of Berkeley DB, as rpm kept its packages until RHEL 8.</summary>
/// <remarks>Source: Berkeley DB 5.3, src/dbinc/db_page.h (DBMETA, PAGE, HOFFPAGE); rpm, lib/backend/bdb_ro.c. Little-endian alone.</remarks>
internal sealed class BerkeleyHash
{
    private const long Magic = 0x00061561;
    private const int PageHeadBytes = 26;
    private const int UnsortedHashPage = 2;
    private const int HashPage = 13;
    private const int OverflowPage = 7;
    private const int InlineItem = 1;
    private const int OverflowItem = 3;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly long _pageBytes;
    private long _bytesLeft;

    /// <exception cref="ImageException">It is no such table.</exception>
    public BerkeleyHash(ReadOnlyMemory<byte> file)
    {
        if (file.LittleEndian32(12) != Magic)
        {
            throw new ImageException("is no hash table of Berkeley DB in little-endian order");
        }

        (_file, _pageBytes, _bytesLeft) = (file, file.LittleEndian32(20), file.Length);
        if (_pageBytes is < 512 or > 65536)
        {
            throw new ImageException($"has pages of {_pageBytes} bytes");
        }
    }

    /// <summary>In no order that means anything. The first package has number 0, under which rpm keeps the next number instead: 4 bytes.</summary>
    /// <exception cref="ImageException">It is broken.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> Blobs()
    {
        for (long number = 1; (number + 1) * _pageBytes <= _file.Length; number++)
        {
            var page = Page(number);
            if (page.Number8(25) is not (UnsortedHashPage or HashPage))
            {
                continue;
            }

            // Key and value in turn; items lie from the end of the page on backwards.
            int items = page.LittleEndian16(20);
            for (int i = 1; i < items; i += 2)
            {
                long before = page.LittleEndian16(PageHeadBytes + (2 * (i - 1)));
                long at = page.LittleEndian16(PageHeadBytes + (2 * i));
                var value = Value(page, at, before);
                if (value.Length > 4)
                {
                    yield return value;
                }
            }
        }
    }

    private ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> page, long at, long end) => page.Number8(at) switch
    {
        InlineItem => Counted(page.Part(at + 1, end - at - 1)),
        OverflowItem => Overflow(page.LittleEndian32(at + 4), page.LittleEndian32(at + 8)),
        _ => throw new ImageException("has a value of no known kind"),
    };

    private ReadOnlyMemory<byte> Overflow(long number, long size)
    {
        byte[] value = new byte[Count(size)];
        for (int filled = 0; filled < value.Length;)
        {
            var page = Page(number);
            int some = page.LittleEndian16(22);
            if (page.Number8(25) != OverflowPage || some == 0)
            {
                throw new ImageException("has a value whose pages are none");
            }

            some = Math.Min(some, value.Length - filled);
            page.Part(PageHeadBytes, some).CopyTo(value.AsMemory(filled));
            filled += some;
            number = page.LittleEndian32(16);
        }

        return value;
    }

    private ReadOnlyMemory<byte> Counted(ReadOnlyMemory<byte> value)
    {
        Count(value.Length);
        return value;
    }

    private long Count(long size)
    {
        _bytesLeft -= size;
        return _bytesLeft >= 0 ? size : throw new ImageException("has values of more bytes than it has itself");
    }

    private ReadOnlyMemory<byte> Page(long number) => _file.Part(number * _pageBytes, _pageBytes);
}
