using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>All chunks of a PNG but its pixels.</summary>
/// <remarks>Source: PNG (third edition) §5.2 (signature), §5.3 (chunks), §11.2.2 (IHDR).</remarks>
internal sealed record PngHeader
{
    private const int MaxChunks = 10_000;
    private const int MaxOtherBytes = 16 << 20;
    private const int MaxSide = 1 << 24;
    private const int ChunkOverheadBytes = 12;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Of a sample or a palette index.</summary>
    public required int BitDepth { get; init; }

    /// <summary>0 grey, 2 colours, 3 palette, 4 grey with alpha, 6 colours with alpha.</summary>
    public required int ColourType { get; init; }

    public required bool IsInterlaced { get; init; }

    /// <summary>All chunks but IDAT and IEND, in order.</summary>
    public required IReadOnlyList<(string Type, byte[] Content)> Chunks { get; init; }

    /// <summary>Where pixels are: offset and length of each IDAT.</summary>
    public required IReadOnlyList<(long Offset, int Length)> Pixels { get; init; }

    public int Samples => ColourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    public byte[]? ContentOf(string type) => Chunks.FirstOrDefault(chunk => chunk.Type == type).Content;

    /// <exception cref="UnreadableContentException">It is malformed.</exception>
    public static PngHeader Read(ComparedContent content)
    {
        var chunks = new List<(string Type, byte[] Content)>();
        var pixels = new List<(long Offset, int Length)>();
        byte[] head = new byte[8];
        long at = Signature.Length;
        long other = 0;
        while (at + ChunkOverheadBytes <= content.Length && pixels.Count + chunks.Count < MaxChunks)
        {
            content.Stream.Position = at;
            content.Stream.ReadExactly(head);
            int length = BinaryPrimitives.ReadInt32BigEndian(head);
            string type = Encoding.Latin1.GetString(head, 4, 4);
            if (length < 0 || at + ChunkOverheadBytes + length > content.Length || type == "IEND")
            {
                return type == "IEND" ? Of(chunks, pixels) : throw Malformed();
            }

            if (type == "IDAT")
            {
                pixels.Add((at + 8, length));
            }
            else
            {
                other += length;
                byte[] bytes = new byte[other <= MaxOtherBytes ? length : throw Malformed()];
                content.Stream.ReadExactly(bytes);
                chunks.Add((type, bytes));
            }

            at += ChunkOverheadBytes + length;
        }

        throw Malformed();
    }

    private static PngHeader Of(List<(string Type, byte[] Content)> chunks, List<(long Offset, int Length)> pixels)
    {
        if (chunks is not [("IHDR", { Length: 13 } header), ..])
        {
            throw Malformed();
        }

        int width = BinaryPrimitives.ReadInt32BigEndian(header);
        int height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        bool isKnown = (header[9], header[8]) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        if (!isKnown || width is < 1 or > MaxSide || height is < 1 or > MaxSide || header[10] != 0 || header[11] != 0 || header[12] > 1)
        {
            throw Malformed();
        }

        return new PngHeader
        {
            Width = width,
            Height = height,
            BitDepth = header[8],
            ColourType = header[9],
            IsInterlaced = header[12] == 1,
            Chunks = chunks,
            Pixels = pixels,
        };
    }

    private static UnreadableContentException Malformed() => new("has malformed chunks");
}
