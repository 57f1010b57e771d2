using System.Text;

namespace Provenance.Archive.Images.Tar;

/// <summary>One 512-byte header block, fields as they stand in it.</summary>
/// <remarks>Sources: POSIX.1-2024, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"; star(5) for its prefix.</remarks>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int BlockBytes = 512;
    public const char OldFile = '\0';
    public const char File = '0';
    public const char HardLink = '1';
    public const char SymbolicLink = '2';
    public const char CharacterDevice = '3';
    public const char BlockDevice = '4';
    public const char Folder = '5';
    public const char Fifo = '6';
    public const char ContiguousFile = '7';
    public const char GnuDumpFolder = 'D';
    public const char GnuLongLink = 'K';
    public const char GnuLongName = 'L';
    public const char GnuSparse = 'S';
    public const char GnuVolumeLabel = 'V';
    public const char SolarisExtended = 'X';
    public const char PaxGlobal = 'g';
    public const char PaxExtended = 'x';

    private const int ChecksumOffset = 148;
    private const int ChecksumBytes = 8;

    private readonly ReadOnlySpan<byte> _block = block;

    public char Type => (char)_block[156];

    public int Mode => (int)(Number(100, 8, "mode") & 0xFFF);

    public long UserId => Number(108, 8, "uid");

    public long GroupId => Number(116, 8, "gid");

    public long Size => Number(124, 12, "size");

    public long ModifiedSeconds => Number(136, 12, "mtime");

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    public int DeviceMajor => IsOld ? 0 : Device(329);

    public int DeviceMinor => IsOld ? 0 : Device(337);

    /// <summary>Neither POSIX nor GNU: what follows the link name is not defined.</summary>
    private bool IsOld => !_block.Slice(257, 5).SequenceEqual("ustar"u8);

    private bool IsPosix => _block.Slice(257, 8).SequenceEqual("ustar\000"u8);

    private bool IsStar => IsPosix && _block.Slice(508, 4).SequenceEqual("tar\0"u8);

    /// <summary>Prefix and name put together.</summary>
    public byte[] Name()
    {
        var name = Text(0, 100);
        // :: GNU headers keep times and the sparse map where POSIX has the prefix.
        var prefix = IsStar ? Text(345, 131) : IsPosix ? Text(345, 155) : [];
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>Whether the block is nothing but zeros: half of the end mark.</summary>
    public bool IsZero => !_block.ContainsAnyExcept((byte)0);

    /// <exception cref="HostileImageException">The block is no header.</exception>
    public void Verify()
    {
        long expected = Number(ChecksumOffset, ChecksumBytes, "checksum");
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BlockBytes; i++)
        {
            byte value = i is >= ChecksumOffset and < ChecksumOffset + ChecksumBytes ? (byte)' ' : _block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        // Old writers summed signed characters.
        if (expected != unsigned && expected != signed)
        {
            throw new HostileImageException("tar: a header has a wrong checksum");
        }
    }

    /// <summary>A number field: octal digits, or big-endian binary when the top bit is set (GNU, star).</summary>
    /// <param name="offset">In the block.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="name">For the message.</param>
    public long Number(int offset, int length, string name)
    {
        var field = _block.Slice(offset, length);
        return (field[0] & 0x80) != 0 ? Binary(field, name) : Octal(field, name);
    }

    private int Device(int offset) => Number(offset, 8, "device number") is var number and >= 0 and <= int.MaxValue
        ? (int)number
        : throw new HostileImageException("tar: the device number in a header is out of range");

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private static long Binary(ReadOnlySpan<byte> field, string name)
    {
        bool negative = (field[0] & 0x40) != 0;
        // The top bit only marks the form; the next is the sign.
        Int128 value = negative ? (sbyte)field[0] : field[0] & 0x7F;
        foreach (byte part in field[1..])
        {
            value = (value << 8) | part;
        }

        return value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new HostileImageException($"tar: the {name} in a header is out of range");
    }

    private static long Octal(ReadOnlySpan<byte> field, string name)
    {
        var digits = field.Trim(" \0"u8);
        // Some writers leave rubbish behind the end of the number.
        int end = digits.IndexOfAny((byte)0, (byte)' ');
        long value = 0;
        foreach (byte digit in end < 0 ? digits : digits[..end])
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw new HostileImageException(
                    $"tar: the {name} in a header is {TreePath.Quote(Encoding.Latin1.GetString(field))}, no octal number");
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return value;
    }
}
