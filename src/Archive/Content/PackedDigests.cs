using Provenance.Archive.Records;

namespace Provenance.Archive.Content;

/// <summary>A digest set in 132 bytes: SHA-256, SHA-512, SHA-1, MD5. As text, with its strings, it takes five times as many.</summary>
public static class PackedDigests
{
    /// <summary>Of one set.</summary>
    public const int SizeBytes = Sha256Bytes + Sha512Bytes + Sha1Bytes + Md5Bytes;

    private const int Sha256Bytes = 32;
    private const int Sha512Bytes = 64;
    private const int Sha1Bytes = 20;
    private const int Md5Bytes = 16;

    /// <param name="packed">Of that length.</param>
    public static DigestSet Unpack(ReadOnlySpan<byte> packed)
    {
        var rest = packed[Sha256Bytes..];
        return new DigestSet
        {
            Sha256 = Convert.ToHexStringLower(packed[..Sha256Bytes]),
            Sha512 = Convert.ToHexStringLower(rest[..Sha512Bytes]),
            Sha1 = Convert.ToHexStringLower(rest.Slice(Sha512Bytes, Sha1Bytes)),
            Md5 = Convert.ToHexStringLower(rest.Slice(Sha512Bytes + Sha1Bytes, Md5Bytes)),
        };
    }
}
