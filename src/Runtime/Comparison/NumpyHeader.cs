using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>The header of a .npy file.</summary>
/// <remarks>
/// Source: NEP 1 and numpy.lib.format: magic <c>\x93NUMPY</c>, major and minor version, length of the header (2 bytes in version 1, else 4,
/// little-endian), the header: a Python dictionary, in latin-1 before version 3.
/// </remarks>
internal sealed record NumpyHeader
{
    private const int MaxHeaderBytes = 1 << 20;
    private const int MaxDimensions = 64;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public required NumpyType Type { get; init; }

    /// <summary>The first index varies fastest.</summary>
    public required bool IsFortran { get; init; }

    public required IReadOnlyList<long> Shape { get; init; }

    public required long Elements { get; init; }

    /// <summary>Where the elements begin, in bytes.</summary>
    public required long DataOffset { get; init; }

    public string ShapeText => $"({string.Join(", ", Shape)})";

    /// <exception cref="UnreadableContentException">It is no such header, or the file is shorter than it says.</exception>
    public static NumpyHeader Read(ComparedContent content)
    {
        byte[] start = content.Head(12);
        if (start.Length < 12 || !start.AsSpan().StartsWith(Magic) || start[6] is 0 or > 3)
        {
            throw new UnreadableContentException("has an unknown version");
        }

        bool isFirst = start[6] == 1;
        long length = isFirst ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
        int offset = isFirst ? 10 : 12;
        if (length > MaxHeaderBytes || offset + length > content.Length)
        {
            throw new UnreadableContentException("has a header that does not end");
        }

        byte[] header = content.Head(offset + (int)length)[offset..];
        var encoding = start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1;
        return Of(PythonLiteral.Parse(encoding.GetString(header)), offset + length, content.Length);
    }

    /// <summary>The product of a shape: a number or a list of them.</summary>
    public static long Product(object? shape)
    {
        long product = 1;
        foreach (object? size in shape as List<object?> ?? [shape])
        {
            product = size is long number and >= 0
                ? checked(product * number)
                : throw new UnreadableContentException("has a malformed shape");
        }

        return product;
    }

    private static NumpyHeader Of(object? literal, long dataOffset, long fileBytes)
    {
        if (literal is not Dictionary<string, object?> members
            || members.GetValueOrDefault("shape") is not List<object?> { Count: <= MaxDimensions } shape
            || members.GetValueOrDefault("fortran_order") is not bool isFortran)
        {
            throw new UnreadableContentException("has a malformed header");
        }

        var type = NumpyType.Of(members.GetValueOrDefault("descr"));
        long elements = Product(shape);
        return checked(elements * type.Bytes + dataOffset) == fileBytes
            ? new NumpyHeader
            {
                Type = type,
                IsFortran = isFortran,
                Shape = [.. shape.Cast<long>()],
                Elements = elements,
                DataOffset = dataOffset,
            }
            : throw new UnreadableContentException("does not have the length that its header says");
    }
}
