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
            if (!BinaryPrimitives.TryReadUInt16BigEndian(bytes, out ushort length)
                || bytes.Length < sizeof(ushort) + length)
            {
                return null;
            }

            entries.Add(bytes.Slice(sizeof(ushort), length).ToArray());
            bytes = bytes[(sizeof(ushort) + length)..];
        }

        return entries;
    }
}
