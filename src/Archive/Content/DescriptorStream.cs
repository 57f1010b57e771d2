using System.Security.Cryptography;

namespace Provenance.Archive.Content;

/// <summary>Takes what is written and keeps only how it would be named: for content that is kept already, or that others keep.</summary>
/// <param name="mediaType">What the descriptor will say.</param>
internal sealed class DescriptorStream(string mediaType) : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes written so far.</summary>
    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _sha256.AppendData(buffer);
        _sha512.AppendData(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Of everything written; to be called once.</summary>
    public Descriptor Finish() => new()
    {
        MediaType = mediaType,
        Digest = Digest.FromHash(_sha256.GetHashAndReset()),
        Size = _length,
        Sha512 = Convert.ToHexStringLower(_sha512.GetHashAndReset()),
    };

    public override void Flush()
    {
        // Nothing is kept.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha256.Dispose();
            _sha512.Dispose();
        }

        base.Dispose(disposing);
    }
}
