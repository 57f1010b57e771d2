using System.Buffers.Text;

namespace Provenance.Archive.Images.Tar;

/// <summary>Where the data of a sparse file lie, in order and without overlap; between them are holes.</summary>
internal sealed class SparseMap
{
    private const int MaxExtents = 1 << 20;

    private readonly List<Extent> _extents = [];

    private SparseMap(long size) => Size = size;

    /// <summary>Of the whole file, in bytes.</summary>
    public long Size { get; }

    /// <summary>Bytes that are in the archive.</summary>
    public long DataBytes { get; private set; }

    public IReadOnlyList<Extent> Extents => _extents;

    /// <param name="numbers">Offsets and lengths in turn, in bytes.</param>
    /// <param name="size">Of the whole file, in bytes.</param>
    /// <exception cref="HostileImageException">Extents overlap, go back, or leave the file.</exception>
    public static SparseMap Of(IReadOnlyList<long> numbers, long size)
    {
        var map = new SparseMap(size);
        if (numbers.Count % 2 != 0)
        {
            throw new HostileImageException("tar: a sparse map ends in the middle of an extent");
        }

        for (int i = 0; i < numbers.Count; i += 2)
        {
            map.Add(numbers[i], numbers[i + 1]);
        }

        return map;
    }

    /// <summary>Format 0.1: <c>offset,length,offset,length</c>.</summary>
    public static List<long> ParseList(ReadOnlySpan<byte> text)
    {
        List<long> numbers = [];
        foreach (var range in text.Split((byte)','))
        {
            if (!Utf8Parser.TryParse(text[range], out long number, out int used) || used != text[range].Length)
            {
                throw new HostileImageException("tar: a sparse map holds something that is no number");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Format 1.0: numbers in lines before the data: how many extents, then offset and length of each.</summary>
    /// <param name="readBlock">Gives the next 512 bytes of the entry.</param>
    public static List<long> ReadLines(Func<byte[]> readBlock)
    {
        List<long> numbers = [];
        long expected = 1;
        long number = 0;
        int digits = 0;
        while (true)
        {
            foreach (byte character in readBlock())
            {
                if (character != '\n')
                {
                    number = AddDigit(number, character, ++digits);
                    continue;
                }

                if (numbers.Count == 0)
                {
                    expected = 1 + (2 * Math.Min(number, MaxExtents + 1));
                }

                numbers.Add(number);
                (number, digits) = (0, 0);
                if (numbers.Count == expected)
                {
                    // The rest of the block is padding.
                    return numbers[1..];
                }
            }
        }
    }

    private static long AddDigit(long number, byte character, int digits) =>
        character is >= (byte)'0' and <= (byte)'9' && digits <= 18
            ? (number * 10) + (character - '0')
            : throw new HostileImageException("tar: a sparse map holds something that is no number");

    private void Add(long offset, long length)
    {
        // GNU tar ends a map with an empty extent at the end of the file.
        long end = _extents.Count == 0 ? 0 : _extents[^1].End;
        if (offset < end || length < 0 || offset > Size || length > Size - offset)
        {
            throw new HostileImageException("tar: a sparse map goes back or leaves its file");
        }

        if (_extents.Count == MaxExtents)
        {
            throw new HostileImageException($"tar: a sparse file has more than {MaxExtents} pieces");
        }

        if (length > 0)
        {
            _extents.Add(new Extent(offset, length));
            DataBytes += length;
        }
    }

    /// <summary>One piece of data, in bytes.</summary>
    internal readonly record struct Extent(long Offset, long Length)
    {
        public long End => Offset + Length;
    }
}
