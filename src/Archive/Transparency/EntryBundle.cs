using System.Buffers.Binary;

namespace Provenance.Archive.Transparency;

/// <summary>Up to 256 log entries in one file, each after its length: big-endian, 16 bits.</summary>
/// <remarks>Source: C2SP tlog-tiles.md, "Log entries".</remarks>
internal static class EntryBundle
{
    public const int MaxEntryBytes = ushort.MaxValue;

    public const int MaxBytes = TilePath.FullWidth * (sizeof(ushort) + MaxEntryBytes);

    public static void Append(Stream bundle, ReadOnlySpan<byte> entry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, MaxEntryBytes);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)entry.Length);
        bundle.Write(length);
        bundle.Write(entry);
    }

    /// <returns>The first entries, as many as <paramref name="width"/>; null when the bytes hold fewer.</returns>
    public static IReadOnlyList<byte[]>? Parse(ReadOnlySpan<byte> bytes, int width)
    {
        var entries = new List<byte[]>(width);
        while (entries.Count < width)
        {
            if (EndOfFirst(bytes) is not { } end)
            {
                return null;
            }

            entries.Add(bytes[sizeof(ushort)..end].ToArray());
            bytes = bytes[end..];
        }

        return entries;
    }

    /// <returns>How many bytes the first entries take; null when there are fewer.</returns>
    public static int? LengthOf(ReadOnlySpan<byte> bytes, int width)
    {
        int length = 0;
        for (int i = 0; i < width; i++)
        {
            if (EndOfFirst(bytes[length..]) is not { } end)
            {
                return null;
            }

            length += end;
        }

        return length;
    }

    /// <returns>One entry; null when the bytes do not hold that many.</returns>
    public static byte[]? Find(ReadOnlySpan<byte> bytes, int place)
    {
        for (int i = 0; EndOfFirst(bytes) is { } end; i++)
        {
            if (i == place)
            {
                return bytes[sizeof(ushort)..end].ToArray();
            }

            bytes = bytes[end..];
        }

        return null;
    }

    private static int? EndOfFirst(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.TryReadUInt16BigEndian(bytes, out ushort length) && bytes.Length >= sizeof(ushort) + length ? sizeof(ushort) + length : null;
}
