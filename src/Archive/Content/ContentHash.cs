using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Provenance.Archive.Records;

namespace Provenance.Archive.Content;

/// <summary>All digests of one content in one pass.</summary>
[SuppressMessage("Security", "CA5350", Justification = "SHA-1 only serves look-ups by other archives' names")]
[SuppressMessage("Security", "CA5351", Justification = "MD5 only serves look-ups by other archives' names")]
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    private bool _isOpen;

    /// <summary>Bytes of this content.</summary>
    public long Length { get; private set; }

    public static DigestSet Of(ReadOnlySpan<byte> content) => PackedDigests.Unpack(PackedOf(content));

    /// <summary>As <see cref="PackedDigests"/> has them.</summary>
    public static byte[] PackedOf(ReadOnlySpan<byte> content)
    {
        using var hash = new ContentHash();
        hash.Append(content);
        return hash.FinishPacked();
    }

    /// <summary>Begins another content, whether the last one was finished or not.</summary>
    public void Reset()
    {
        if (_isOpen)
        {
            _ = Finish();
        }

        Length = 0;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        _isOpen = true;
        _sha256.AppendData(content);
        _sha512.AppendData(content);
        _sha1.AppendData(content);
        _md5.AppendData(content);
        Length += content.Length;
    }

    /// <summary>The digests. Another content begins with <see cref="Reset"/>.</summary>
    public DigestSet Finish() => PackedDigests.Unpack(FinishPacked());

    /// <summary>The digests as <see cref="PackedDigests"/> has them. Another content begins with <see cref="Reset"/>.</summary>
    public byte[] FinishPacked()
    {
        _isOpen = false;
        byte[] packed = new byte[PackedDigests.SizeBytes];
        int filled = _sha256.GetHashAndReset(packed);
        filled += _sha512.GetHashAndReset(packed.AsSpan(filled));
        filled += _sha1.GetHashAndReset(packed.AsSpan(filled));
        _ = _md5.GetHashAndReset(packed.AsSpan(filled));
        return packed;
    }

    public void Dispose()
    {
        _sha256.Dispose();
        _sha512.Dispose();
        _sha1.Dispose();
        _md5.Dispose();
    }
}
