using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares PDF byte for byte, with the dates and identifiers that each run makes anew masked.</summary>
/// <remarks>ISO 32000-1 §14.3.3 (CreationDate, ModDate), §14.4 (ID), and the same in XMP. Where they are compressed, they are not seen.</remarks>
internal sealed class PdfComparer : IContentComparer
{
    private const int MaxBytes = 64 << 20;
    private const int MaxValueBytes = 200;

    /// <summary>What stands before a value that changes, and what ends it.</summary>
    private static readonly (byte[] Key, byte[] End, string Name)[] Volatile =
    [
        .. Dates("/CreationDate", ")"), .. Dates("/ModDate", ")"),
        .. Dates("<xmp:CreateDate>", "<"), .. Dates("<xmp:ModifyDate>", "<"), .. Dates("<xmp:MetadataDate>", "<"),
        (Bytes("/ID"), Bytes("]"), "pdf id"),
        (Bytes("<xmpMM:DocumentID>"), Bytes("<"), "pdf id"), (Bytes("<xmpMM:InstanceID>"), Bytes("<"), "pdf id"),
    ];

    public string Kind => "pdf";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => head.StartsWith("%PDF-"u8);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        if (then.Length > MaxBytes || now.Length > MaxBytes)
        {
            throw new UnreadableContentException($"has more than {MaxBytes >> 20} MiB");
        }

        var masked = new SortedSet<string>(StringComparer.Ordinal);
        byte[] thenBytes = Masked(then, masked);
        byte[] nowBytes = Masked(now, masked);
        return thenBytes.AsSpan().SequenceEqual(nowBytes)
            ? Likeness.SameContent(Kind, [.. masked])
            : Likeness.Differs(Kind, masked.Count > 0 ? $"differs in more than {string.Join(" and ", masked)}" : null);
    }

    private static byte[] Masked(ComparedContent content, SortedSet<string> masked)
    {
        byte[] bytes = content.Head(MaxBytes);
        foreach (var (key, end, name) in Volatile)
        {
            int at = 0;
            int found;
            while ((found = bytes.AsSpan(at).IndexOf(key)) >= 0)
            {
                at += found + key.Length;
                var value = bytes.AsSpan(at, Math.Min(MaxValueBytes, bytes.Length - at));
                int length = value.IndexOf(end);
                if (length > 0 && IsValue(value[..length]))
                {
                    value[..length].Fill((byte)'#');
                    masked.Add(name);
                }
            }
        }

        return bytes;
    }

    /// <summary>A date or a list of hexadecimal strings, on one line: not a reference to something else, nor the middle of a longer name.</summary>
    private static bool IsValue(ReadOnlySpan<byte> value) =>
        value.TrimStart(" \r\n"u8) is [(byte)'(' or (byte)'[' or (byte)'u' or (>= (byte)'0' and <= (byte)'9'), ..];

    private static IEnumerable<(byte[] Key, byte[] End, string Name)> Dates(string key, string end) => [(Bytes(key), Bytes(end), "pdf dates")];

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
