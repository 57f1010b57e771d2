namespace Provenance.Runtime.Comparison;

/// <summary>The dtype of a NumPy array, taken apart into fields.</summary>
internal sealed record NumpyType
{
    private const int MaxFields = 10_000;
    private const int MaxElementBytes = 1 << 20;
    private const int MaxDepth = 16;

    public required IReadOnlyList<NumpyField> Fields { get; init; }

    /// <summary>Of one element.</summary>
    public required int Bytes { get; init; }

    /// <summary>As NumPy writes it, without the byte order.</summary>
    public required string Text { get; init; }

    /// <param name="descr">As the header has it.</param>
    /// <exception cref="UnreadableContentException">It is no dtype that is known.</exception>
    public static NumpyType Of(object? descr)
    {
        var fields = new List<NumpyField>();
        int bytes = Add(descr, null, 0, 1, fields, 0);
        string text = string.Join(',', fields.Select(field =>
            (field.Name is null ? "" : field.Name + ":") + (field.Count == 1 ? "" : field.Count.ToString()) + field.Code + field.ItemBytes));
        return new NumpyType { Fields = fields, Bytes = bytes, Text = text };
    }

    /// <returns>Bytes that were added.</returns>
    private static int Add(object? descr, string? name, int offset, int count, List<NumpyField> fields, int depth)
    {
        if (descr is string code)
        {
            var field = Parse(code, name, offset, count);
            fields.Add(fields.Count < MaxFields ? field : throw Unknown());
            return Checked((long)field.ItemBytes * count + offset) - offset;
        }

        if (descr is not List<object?> parts || depth > MaxDepth)
        {
            throw Unknown();
        }

        int start = offset;
        for (int repeat = 0; repeat < count; repeat++)
        {
            foreach (object? part in parts)
            {
                offset += AddPart(part, name, offset, fields, depth + 1);
            }
        }

        return offset - start;
    }

    /// <summary>(name, descr) or (name, descr, shape); the name may be (title, name).</summary>
    private static int AddPart(object? part, string? outer, int offset, List<NumpyField> fields, int depth)
    {
        if (part is not List<object?> { Count: 2 or 3 } items)
        {
            throw Unknown();
        }

        string inner = items[0] switch
        {
            string plain => plain,
            List<object?> { Count: 2 } titled when titled[1] is string plain => plain,
            _ => throw Unknown(),
        };
        int count = items.Count == 3 ? Checked(NumpyHeader.Product(items[2])) : 1;
        return Add(items[1], outer is null ? inner : $"{outer}.{inner}", offset, count, fields, depth);
    }

    private static NumpyField Parse(string code, string? name, int offset, int count)
    {
        bool hasOrder = code.Length > 0 && code[0] is '<' or '>' or '|' or '=';
        string rest = hasOrder ? code[1..] : code;
        int unit = rest.IndexOf('[', StringComparison.Ordinal);
        string size = unit < 0 ? rest : rest[..unit];
        if (size.Length < 2 || size[0] is 'O' || !int.TryParse(size.AsSpan(1), out int number) || number is < 0 or > MaxElementBytes)
        {
            throw Unknown();
        }

        int bytes = size[0] == 'U' ? Checked(number * 4L) : number;
        return new NumpyField(name, size[0], bytes, code[0] == '>', offset, count);
    }

    private static int Checked(long bytes) => bytes is >= 0 and <= MaxElementBytes ? (int)bytes : throw Unknown();

    private static UnreadableContentException Unknown() => new("has a dtype that is not known");
}
