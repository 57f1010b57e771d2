using CsCheck;

namespace Provenance.Archive.Tests;

/// <summary>Bytes with something done to them: bits flipped, cut off, doubled, taken out, put in.</summary>
internal static class Damage
{
    private const int MaxChanges = 4;
    private const int MaxPiece = 64;

    public static Gen<byte[]> Of(byte[] whole) =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, whole.Length - 1], Gen.Int[1, MaxPiece], Gen.Byte).Array[1, MaxChanges]
            .Select(changes => changes.Aggregate(whole, (bytes, change) => Apply(bytes, change)));

    private static byte[] Apply(byte[] bytes, (int How, int At, int Length, byte Value) change)
    {
        var (how, at, length, value) = change;
        if (bytes.Length == 0)
        {
            return [value];
        }

        at %= bytes.Length;
        int end = Math.Min(bytes.Length, at + length);
        return how switch
        {
            0 => With(bytes, at, (byte)(bytes[at] ^ (1 << (value % 8)))),
            1 => With(bytes, at, value),
            2 => bytes[..at],
            3 => [.. bytes[..at], .. bytes[end..]],
            4 => [.. bytes[..end], .. bytes[at..]],
            _ => [.. bytes[..at], .. Enumerable.Repeat(value, length), .. bytes[at..]],
        };
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }
}
