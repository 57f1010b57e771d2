using System.Globalization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>A digest in 32 bytes: gc holds those of every blob in memory.</summary>
internal readonly record struct DigestKey(UInt128 High, UInt128 Low)
{
    private const int HalfDigits = 32;

    public static DigestKey Of(Digest digest)
    {
        string hex = digest.Hex;
        return new(Parse(hex.AsSpan(0, HalfDigits)), Parse(hex.AsSpan(HalfDigits)));
    }

    private static UInt128 Parse(ReadOnlySpan<char> hex) => UInt128.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
