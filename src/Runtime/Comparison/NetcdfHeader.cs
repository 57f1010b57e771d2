using System.Buffers.Binary;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>The header of a NetCDF file of the classic formats: CDF-1, CDF-2 (64-bit offsets), CDF-5 (64-bit data).</summary>
/// <remarks>Source: NetCDF User's Guide, appendix "NetCDF File Format Specifications"; PnetCDF's page on CDF-5.
/// All numbers are most significant byte first.</remarks>
internal sealed class NetcdfHeader
{
    private const int MaxHeaderBytes = 64 << 20;
    private const int MaxItems = 1 << 16;
    private const int MaxRank = 1024;
    private const int DimensionTag = 10;
    private const int VariableTag = 11;
    private const int AttributeTag = 12;

    private readonly Stream _stream;
    private readonly bool _isLong;
    private readonly bool _hasLongOffsets;
    private long _read;

    private NetcdfHeader(ComparedContent content, Stream stream)
    {
        _stream = stream;
        byte[] magic = Bytes(4);
        (_isLong, _hasLongOffsets) = (magic[3] == 5, magic[3] is 2 or 5);
        long records = Count(long.MaxValue);
        // :: STREAMING: the number of records is what fits.
        bool isStreaming = records == (_isLong ? -1 : uint.MaxValue);
        Dimensions = [.. List(DimensionTag, () => (Name(), Count(long.MaxValue)))];
        Attributes = ReadAttributes();
        var raw = List(VariableTag, ReadVariable).ToList();
        long recordBytes = RecordBytes(raw);
        Records = !isStreaming ? records : recordBytes == 0 ? 0
            : Math.Max(0, content.Length - raw.Where(IsRecord).Min(variable => variable.Begin)) / recordBytes;
        RecordStride = recordBytes;
        Variables = [.. raw.Select(Shaped)];
        long left = content.Length;
        foreach (var variable in Variables)
        {
            Check(variable, content.Length);
            left = checked(left - (variable.Pieces * variable.Values * variable.Type.Bytes()));
        }

        if (left < 0)
        {
            throw new UnreadableContentException("has variables that lie over each other");
        }

        CheckNames(Variables.Select(variable => variable.Name));
        CheckNames(Attributes.Select(attribute => attribute.Name));
        foreach (var variable in Variables)
        {
            CheckNames(variable.Attributes.Select(attribute => attribute.Name));
        }
    }

    public IReadOnlyList<(string Name, long Length)> Dimensions { get; }

    public IReadOnlyList<NetcdfAttribute> Attributes { get; }

    public IReadOnlyList<NetcdfVariable> Variables { get; }

    /// <summary>How many there are of the record dimension.</summary>
    public long Records { get; }

    /// <summary>From one record to the next, in bytes.</summary>
    public long RecordStride { get; }

    public static bool IsMagic(ReadOnlySpan<byte> head) => head.Length >= 4 && head.StartsWith("CDF"u8) && head[3] is 1 or 2 or 5;

    /// <exception cref="UnreadableContentException">It is no such header, or the file is shorter than it says.</exception>
    public static NetcdfHeader Read(ComparedContent content)
    {
        try
        {
            using var stream = new BufferedStream(new UndisposedStream(content.FromStart()), 1 << 16);
            return new NetcdfHeader(content, stream);
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            throw new UnreadableContentException("has a header that does not end, or sizes beyond any file");
        }
    }

    private bool IsRecord(RawVariable variable) => variable.Dimensions.Count > 0 && Dimensions[variable.Dimensions[0]].Length == 0;

    private RawVariable ReadVariable()
    {
        string name = Name();
        long rank = Count(MaxRank);
        var dimensions = new List<int>();
        for (long at = 0; at < rank; at++)
        {
            long id = Count(long.MaxValue);
            dimensions.Add(id < Dimensions.Count ? (int)id : throw new UnreadableContentException($"has a variable '{name}' of an unknown dimension"));
        }

        var attributes = ReadAttributes();
        var type = Type();
        // Its size, which the shape says better.
        _ = Bytes(_isLong ? 8 : 4);
        long begin = _hasLongOffsets ? BinaryPrimitives.ReadInt64BigEndian(Bytes(8)) : BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));
        return new RawVariable(name, type, dimensions, attributes, begin);
    }

    private NetcdfVariable Shaped(RawVariable raw)
    {
        bool isRecord = IsRecord(raw);
        return new NetcdfVariable
        {
            Name = raw.Name,
            Type = raw.Type,
            Dimensions = [.. raw.Dimensions.Select(id => Dimensions[id].Name)],
            Shape = [.. raw.Dimensions.Select((id, at) => at == 0 && isRecord ? Records : Dimensions[id].Length)],
            IsRecord = isRecord,
            Attributes = raw.Attributes,
            Begin = raw.Begin,
            Values = ValuesOf(raw),
            Pieces = isRecord ? Records : 1,
        };
    }

    private long ValuesOf(RawVariable raw) => raw.Dimensions.Skip(IsRecord(raw) ? 1 : 0)
        .Aggregate(1L, (product, id) => checked(product * Dimensions[id].Length));

    /// <summary>Each variable's part of a record is padded to four bytes, but for one of bytes, characters or shorts that is alone.</summary>
    private long RecordBytes(List<RawVariable> variables)
    {
        var records = variables.Where(IsRecord).ToList();
        long bytes = records.Sum(variable => Padded(checked(ValuesOf(variable) * variable.Type.Bytes())));
        return records.Count == 1 ? checked(ValuesOf(records[0]) * records[0].Type.Bytes()) : bytes;
    }

    private void Check(NetcdfVariable variable, long fileBytes)
    {
        long last = variable.Pieces == 0 ? 0 : checked((variable.Pieces - 1) * (variable.IsRecord ? RecordStride : 0));
        long end = checked(variable.Begin + last + (variable.Values * variable.Type.Bytes()));
        if (variable.Begin < 0 || (variable.Pieces > 0 && variable.Values > 0 && end > fileBytes))
        {
            throw new UnreadableContentException($"is shorter than its variable '{variable.Name}'");
        }
    }

    private static void CheckNames(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !seen.Add(name)) is { } twice)
        {
            throw new UnreadableContentException($"has the name '{twice}' twice");
        }
    }

    private List<NetcdfAttribute> ReadAttributes() => [.. List(AttributeTag, () =>
    {
        string name = Name();
        var type = Type();
        long count = Count(MaxHeaderBytes);
        byte[] values = Bytes(checked(count * type.Bytes()));
        Skip(Padded(values.Length) - values.Length);
        return new NetcdfAttribute(name, type, values);
    })];

    private IEnumerable<T> List<T>(int tag, Func<T> read)
    {
        int found = BinaryPrimitives.ReadInt32BigEndian(Bytes(4));
        long count = Count(MaxItems);
        if (found != tag && (found != 0 || count != 0))
        {
            throw new UnreadableContentException($"has a list with the tag {found}, expected {tag}");
        }

        for (long at = 0; at < count; at++)
        {
            yield return read();
        }
    }

    private NetcdfType Type()
    {
        int number = BinaryPrimitives.ReadInt32BigEndian(Bytes(4));
        return number is >= (int)NetcdfType.Byte and <= (int)NetcdfType.UnsignedInt64
            ? (NetcdfType)number
            : throw new UnreadableContentException($"has the unknown type {number}");
    }

    private string Name()
    {
        const int MaxNameBytes = 1 << 16;
        byte[] name = Bytes(Count(MaxNameBytes));
        Skip(Padded(name.Length) - name.Length);
        return Encoding.UTF8.GetString(name);
    }

    private long Count(long most)
    {
        long count = _isLong ? BinaryPrimitives.ReadInt64BigEndian(Bytes(8)) : BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));
        return count <= most ? count : throw new UnreadableContentException($"has {count} of something, at most {most} are read");
    }

    private void Skip(long bytes) => Bytes(bytes);

    private byte[] Bytes(long count)
    {
        _read = checked(_read + count);
        if (count < 0 || _read > MaxHeaderBytes)
        {
            throw new UnreadableContentException($"has a header of more than {MaxHeaderBytes} bytes");
        }

        byte[] bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private static long Padded(long bytes) => (bytes + 3) / 4 * 4;

    private sealed record RawVariable(
        string Name, NetcdfType Type, List<int> Dimensions, List<NetcdfAttribute> Attributes, long Begin);
}
