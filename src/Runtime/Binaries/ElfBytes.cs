using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Binaries;

/// <summary>Bytes of an ELF file, in memory or on disk, of which none is read past the end.</summary>
/// <remarks>A file is read, not mapped: one that is cut short while we look would kill us with SIGBUS.</remarks>
internal sealed class ElfBytes
{
    /// <summary>The longest name or path that is taken for one, in bytes.</summary>
    internal const int LongestString = 4096;

    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _memory;

    internal ElfBytes(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        Length = memory.Length;
    }

    internal ElfBytes(SafeFileHandle file)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
    }

    /// <summary>In bytes.</summary>
    internal long Length { get; }

    /// <summary>Set once the header has been read.</summary>
    internal bool LittleEndian { get; set; } = true;

    /// <exception cref="ElfFormatException">The range is not all within the file.</exception>
    internal ReadOnlyMemory<byte> Slice(ulong offset, ulong length, string what)
    {
        if (length > int.MaxValue || offset > (ulong)Length || length > (ulong)Length - offset)
        {
            throw new ElfFormatException($"{what} ends at byte {offset + (UInt128)length}, the file has {Length}");
        }

        if (_file is null)
        {
            return _memory.Slice((int)offset, (int)length);
        }

        byte[] bytes = new byte[length];
        if (ReadAt((long)offset, bytes) < bytes.Length)
        {
            throw new ElfFormatException($"{what} was cut short while it was read");
        }

        return bytes;
    }

    /// <summary>Text up to its NUL.</summary>
    /// <exception cref="ElfFormatException">It begins outside the file, or does not end.</exception>
    internal string Text(ulong offset, string what)
    {
        Span<byte> bytes = stackalloc byte[LongestString];
        int length = offset < (ulong)Length ? ReadAt((long)offset, bytes[..64]) : 0;
        int end = bytes[..length].IndexOf((byte)0);
        if (end < 0)
        {
            length = offset < (ulong)Length ? ReadAt((long)offset, bytes) : 0;
            end = bytes[..length].IndexOf((byte)0);
        }

        return end >= 0
            ? Encoding.UTF8.GetString(bytes[..end])
            : throw new ElfFormatException($"{what} at byte {offset} does not end");
    }

    internal ushort U16(ReadOnlySpan<byte> bytes) => LittleEndian
        ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    internal uint U32(ReadOnlySpan<byte> bytes) => LittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    internal ulong U64(ReadOnlySpan<byte> bytes) => LittleEndian
        ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
        : BinaryPrimitives.ReadUInt64BigEndian(bytes);

    /// <summary>As many bytes as there are, up to the span's end.</summary>
    private int ReadAt(long offset, Span<byte> bytes)
    {
        if (_file is null)
        {
            var rest = _memory.Span[(int)offset..];
            int length = Math.Min(rest.Length, bytes.Length);
            rest[..length].CopyTo(bytes);
            return length;
        }

        int total = 0;
        while (total < bytes.Length && RandomAccess.Read(_file, bytes[total..], offset + total) is int read and > 0)
        {
            total += read;
        }

        return total;
    }
}
