using System.Buffers.Binary;

namespace Provenance.Runtime.Comparison;

/// <summary>Reads single numbers of NumPy arrays.</summary>
internal static class NumpyNumber
{
    /// <summary>The number, as near as a double comes to it.</summary>
    /// <param name="bytes">As long as the type, least significant byte first.</param>
    public static double Read(char code, ReadOnlySpan<byte> bytes) => (code, bytes.Length) switch
    {
        ('u', 1) => bytes[0],
        ('i', 1) => (sbyte)bytes[0],
        ('u', 2) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ('u', 4) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ('u', _) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        (_, 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        (_, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
