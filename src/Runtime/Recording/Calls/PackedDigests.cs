using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>A digest set in 132 bytes: SHA-256, SHA-512, SHA-1, MD5. As text, with its strings, it takes five times as many.</summary>
internal static class PackedDigests
{
    public const int SizeBytes = Sha256Bytes + Sha512Bytes + Sha1Bytes + Md5Bytes;

    private const int Sha256Bytes = 32;
    private const int Sha512Bytes = 64;
    private const int Sha1Bytes = 20;
    private const int Md5Bytes = 16;

    /// <param name="digests">With all four.</param>
    public static byte[] Pack(DigestSet digests) => Convert.FromHexString(
        string.Concat(digests.Sha256, digests.Sha512, digests.Sha1, digests.Md5));

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
