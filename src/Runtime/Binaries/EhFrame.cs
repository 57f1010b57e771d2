using System.Buffers.Binary;

namespace Provenance.Runtime.Binaries;

/// <summary>Reads where functions begin and end out of a section .eh_frame.</summary>
/// <remarks>
/// Source: Linux Standard Base 5.0, 10.6.1. A record is a 32-bit length, then a 32-bit id: 0 for a CIE, else how far back from the
/// id the FDE's CIE is. The CIE's augmentation 'R' says how the FDE's addresses are encoded (DWARF exception header encoding).
/// </remarks>
internal static class EhFrame
{
    private const int PcRelative = 0x10, Unusable = -1;

    /// <param name="content">The section.</param>
    /// <param name="address">Where it is loaded.</param>
    /// <param name="found">Functions are added. What cannot be read ends the reading, and is not guessed.</param>
    internal static void Read(ReadOnlySpan<byte> content, ulong address, List<CodeFunction> found)
    {
        var encodings = new Dictionary<int, int>();
        for (int at = 0; at + 8 <= content.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(content[at..]);
            if (length == 0)
            {
                // Each file that was linked in may end with one.
                at += 4;
                continue;
            }

            if (length < 4 || length > content.Length - at - 4)
            {
                return;
            }

            int id = at + 4, end = id + (int)length;
            uint back = BinaryPrimitives.ReadUInt32LittleEndian(content[id..]);
            if (back == 0)
            {
                encodings[at] = ReadEncoding(content[(id + 4)..end]);
            }
            else if (encodings.TryGetValue(id - (int)back, out int encoding) && encoding != Unusable
                && ReadRange(content[(id + 4)..end], encoding, unchecked(address + (ulong)(id + 4))) is { } function)
            {
                found.Add(function);
            }

            at = end;
        }
    }

    private static CodeFunction? ReadRange(ReadOnlySpan<byte> rest, int encoding, ulong place)
    {
        // Relative to text, data or function, aligned, indirect: no compiler for x86-64 writes them here.
        if ((encoding & 0xf0) is not (0 or PcRelative))
        {
            return null;
        }

        if (ReadPointer(rest, encoding, out int bytes) is not { } first || ReadPointer(rest[bytes..], encoding & 0x0f, out _) is not { } size)
        {
            return null;
        }

        ulong start = (encoding & PcRelative) != 0 ? unchecked(place + (ulong)first) : (ulong)first;
        ulong length = bytes == 4 ? (uint)size : (ulong)size;
        return length > 0 && start + length > start ? new CodeFunction(start, start + length, null) : null;
    }

    /// <summary>Formats that x86-64 compilers use: absptr, udata4, udata8, sdata4, sdata8.</summary>
    private static long? ReadPointer(ReadOnlySpan<byte> bytes, int encoding, out int length)
    {
        length = (encoding & 0x0f) switch { 0x00 or 0x04 or 0x0c => 8, 0x03 or 0x0b => 4, _ => 0 };
        if (length == 0 || bytes.Length < length)
        {
            return null;
        }

        return length == 8 ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
            : (encoding & 0x08) != 0 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>From a CIE, behind its id: version, augmentation, two factors, the return register, what the augmentation asks for.</summary>
    private static int ReadEncoding(ReadOnlySpan<byte> cie)
    {
        int textEnd = cie.Length > 1 ? cie[1..].IndexOf((byte)0) : -1;
        if (textEnd < 0)
        {
            return Unusable;
        }

        var augmentation = cie.Slice(1, textEnd);
        if (augmentation.IsEmpty)
        {
            return 0;
        }

        int at = textEnd + 2;
        if (augmentation[0] != (byte)'z' || !SkipNumber(cie, ref at) || !SkipNumber(cie, ref at))
        {
            return Unusable;
        }

        bool isShort = cie[0] == 1;
        if ((isShort ? ++at > cie.Length : !SkipNumber(cie, ref at)) || !SkipNumber(cie, ref at))
        {
            return Unusable;
        }

        foreach (byte letter in augmentation[1..])
        {
            if (at >= cie.Length)
            {
                return Unusable;
            }

            switch ((char)letter)
            {
                case 'R':
                    return cie[at];
                case 'L':
                    at++;
                    break;
                case 'P':
                    int pointer = (cie[at] & 0x0f) switch { 0x03 or 0x0b => 4, 0x02 or 0x0a => 2, _ => 8 };
                    at += 1 + pointer;
                    break;
                case 'S' or 'B':
                    break;
                default:
                    return Unusable;
            }
        }

        return 0;
    }

    /// <summary>LEB128.</summary>
    private static bool SkipNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length)
        {
            if ((bytes[at++] & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }
}
