using System.Buffers.Binary;
using System.IO.Compression;

namespace Provenance.Runtime.Comparison;

/// <summary>Decodes a PNG row by row into red, green, blue and alpha of 16 bits each, whatever it is stored as.</summary>
/// <remarks>Source: PNG (third edition) §7.3 (samples), §9 (filters), §11.3.1 (transparency), §13.12 (scaling).</remarks>
internal sealed class PngRows : IDisposable
{
    public const int Channels = 4;

    private const ushort Opaque = ushort.MaxValue;

    private readonly PngHeader _header;
    private readonly Stream _pixels;
    private readonly byte[]? _palette;
    private readonly byte[]? _transparency;
    private readonly int _pixelBytes;
    private readonly IReadOnlyList<PngPass> _passes;
    private byte[] _row = [];
    private byte[] _above = [];
    private int _pass = -1;
    private int _rowsLeft;

    public PngRows(ComparedContent content, PngHeader header, ExpansionBudget budget)
    {
        _header = header;
        _palette = header.ContentOf("PLTE");
        _transparency = header.ContentOf("tRNS");
        _pixelBytes = Math.Max(1, header.Samples * header.BitDepth / 8);
        _passes = PngPass.Of(header.IsInterlaced);
        var inflated = new ZLibStream(new PngPixelStream(content.Stream, header.Pixels), CompressionMode.Decompress);
        _pixels = new BudgetedStream(inflated, content.Length, budget);
        Row = new ushort[header.Width * Channels];
    }

    /// <summary>The row, <see cref="Channels"/> values a pixel.</summary>
    public ushort[] Row { get; }

    /// <summary>Pixels in the row.</summary>
    public int Columns { get; private set; }

    public PngPass Pass => _passes[_pass];

    /// <summary>Of the row, in the image, from 0.</summary>
    public int Y { get; private set; }

    /// <returns>False after the last row.</returns>
    public bool MoveNext()
    {
        if (_rowsLeft == 0 && !NextPass())
        {
            return false;
        }

        (_row, _above) = (_above, _row);
        int filter = _pixels.ReadByte();
        _pixels.ReadExactly(_row);
        Unfilter(filter);
        Y = Pass.Y + (Pass.Rows(_header.Height) - _rowsLeft) * Pass.StepY;
        _rowsLeft--;
        for (int column = 0; column < Columns; column++)
        {
            Put(column, Row.AsSpan(column * Channels, Channels));
        }

        return true;
    }

    public void Dispose() => _pixels.Dispose();

    /// <summary>A pass without a pixel has no rows at all.</summary>
    private bool NextPass()
    {
        while (++_pass < _passes.Count)
        {
            Columns = Math.Max(0, Pass.Columns(_header.Width));
            _rowsLeft = Columns == 0 ? 0 : Math.Max(0, Pass.Rows(_header.Height));
            if (_rowsLeft > 0)
            {
                int bytes = (int)(((long)Columns * _header.Samples * _header.BitDepth + 7) / 8);
                (_row, _above) = (new byte[bytes], new byte[bytes]);
                return true;
            }
        }

        return false;
    }

    private void Unfilter(int filter)
    {
        for (int i = 0; i < _row.Length; i++)
        {
            byte left = i < _pixelBytes ? (byte)0 : _row[i - _pixelBytes];
            byte upperLeft = i < _pixelBytes ? (byte)0 : _above[i - _pixelBytes];
            _row[i] += filter switch
            {
                0 => 0,
                1 => left,
                2 => _above[i],
                3 => (byte)((left + _above[i]) / 2),
                4 => Paeth(left, _above[i], upperLeft),
                _ => throw new UnreadableContentException("has an unknown filter"),
            };
        }
    }

    private static byte Paeth(byte left, byte above, byte upperLeft)
    {
        int estimate = left + above - upperLeft;
        int toLeft = Math.Abs(estimate - left);
        int toAbove = Math.Abs(estimate - above);
        int toUpperLeft = Math.Abs(estimate - upperLeft);
        return toLeft <= toAbove && toLeft <= toUpperLeft ? left : toAbove <= toUpperLeft ? above : upperLeft;
    }

    private void Put(int column, Span<ushort> pixel)
    {
        int first = column * _header.Samples;
        switch (_header.ColourType)
        {
            case 0:
                pixel[..3].Fill(Scaled(Sample(first)));
                pixel[3] = IsTransparent(first, 1) ? (ushort)0 : Opaque;
                break;
            case 2:
                PutColours(first, pixel);
                pixel[3] = IsTransparent(first, 3) ? (ushort)0 : Opaque;
                break;
            case 3:
                PutFromPalette(Sample(first), pixel);
                break;
            case 4:
                pixel[..3].Fill(Scaled(Sample(first)));
                pixel[3] = Scaled(Sample(first + 1));
                break;
            default:
                PutColours(first, pixel);
                pixel[3] = Scaled(Sample(first + 3));
                break;
        }
    }

    private void PutColours(int first, Span<ushort> pixel)
    {
        for (int colour = 0; colour < 3; colour++)
        {
            pixel[colour] = Scaled(Sample(first + colour));
        }
    }

    private void PutFromPalette(int index, Span<ushort> pixel)
    {
        if (_palette is null || (index + 1) * 3 > _palette.Length)
        {
            throw new UnreadableContentException("has a colour that is not in its palette");
        }

        for (int colour = 0; colour < 3; colour++)
        {
            pixel[colour] = (ushort)(_palette[index * 3 + colour] * 257);
        }

        pixel[3] = index < (_transparency?.Length ?? 0) ? (ushort)(_transparency![index] * 257) : Opaque;
    }

    /// <summary>Whether it is the one colour that stands for nothing.</summary>
    private bool IsTransparent(int first, int samples)
    {
        if (_transparency is null || _transparency.Length < samples * 2)
        {
            return false;
        }

        for (int sample = 0; sample < samples; sample++)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(_transparency.AsSpan(sample * 2)) != Sample(first + sample))
            {
                return false;
            }
        }

        return true;
    }

    private int Sample(int index)
    {
        switch (_header.BitDepth)
        {
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(_row.AsSpan(index * 2));
            case 8:
                return _row[index];
            default:
                int bit = index * _header.BitDepth;
                return (_row[bit / 8] >> (8 - _header.BitDepth - bit % 8)) & ((1 << _header.BitDepth) - 1);
        }
    }

    private ushort Scaled(int sample) => (ushort)(sample * (ushort.MaxValue / ((1 << _header.BitDepth) - 1)));
}
