using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Million;

/// <summary>Bytes of a file or list, with all their names.</summary>
internal sealed class Content
{
    [SuppressMessage("Security", "CA5350", Justification = "SHA-1 and MD5 are what journals print, and the records have them for looking up")]
    [SuppressMessage("Security", "CA5351", Justification = "as above")]
    private Content(byte[] bytes)
    {
        Bytes = bytes;
        Sha256 = Digest.Of(bytes);
        Digests = new DigestSet
        {
            Sha256 = Sha256.Hex,
            Sha512 = Convert.ToHexStringLower(SHA512.HashData(bytes)),
            Sha1 = Convert.ToHexStringLower(SHA1.HashData(bytes)),
            Md5 = Convert.ToHexStringLower(MD5.HashData(bytes)),
        };
    }

    public byte[] Bytes { get; }

    public Digest Sha256 { get; }

    public DigestSet Digests { get; }

    public static Content Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public static Content Of(byte[] bytes) => new(bytes);

    public Descriptor ToDescriptor(string mediaType) => new() { MediaType = mediaType, Digest = Sha256, Size = Bytes.Length, Sha512 = Digests.Sha512 };
}
