using System.Buffers.Binary;

namespace Provenance.Archive.Images.Packages;

/// <summary>Numbers and parts of a file that anybody may have made: what lies outside of it is refused.</summary>
internal static class Bytes
{
    /// <exception cref="ImageException">It ends before.</exception>
    public static ReadOnlyMemory<byte> Part(this ReadOnlyMemory<byte> file, long offset, long length) =>
        offset >= 0 && length >= 0 && offset <= file.Length && length <= file.Length - offset
            ? file.Slice((int)offset, (int)length)
            : throw new ImageException("is cut off, or points to bytes outside of itself");

    public static int Number8(this ReadOnlyMemory<byte> file, long offset) => file.Part(offset, sizeof(byte)).Span[0];

    public static int BigEndian16(this ReadOnlyMemory<byte> file, long offset) => BinaryPrimitives.ReadUInt16BigEndian(file.Part(offset, sizeof(ushort)).Span);

    public static long BigEndian32(this ReadOnlyMemory<byte> file, long offset) => BinaryPrimitives.ReadUInt32BigEndian(file.Part(offset, sizeof(uint)).Span);

    public static int LittleEndian16(this ReadOnlyMemory<byte> file, long offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(file.Part(offset, sizeof(ushort)).Span);

    public static long LittleEndian32(this ReadOnlyMemory<byte> file, long offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(file.Part(offset, sizeof(uint)).Span);
}
