using System.Security.Cryptography;

namespace Provenance.Archive.Content;

/// <summary>Passes a stream through and, at its end, throws unless it was what the descriptor says.</summary>
/// <remarks>Content longer than its descriptor is refused at the first byte too many, before it is handed on.</remarks>
public sealed class VerifyingStream : Stream
{
    private readonly Stream _inner;
    private readonly Descriptor _expected;
    private readonly bool _leaveOpen;
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _sha512;
    private long _position;
    private bool _verified;

    public VerifyingStream(Stream inner, Descriptor expected, bool leaveOpen = false)
    {
        _inner = inner;
        _expected = expected;
        _leaveOpen = leaveOpen;
        _sha512 = expected.Sha512 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    /// <summary>What the descriptor says, in bytes.</summary>
    public override long Length => _expected.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="DigestMismatchException">At the end: the content has another digest.</exception>
    /// <exception cref="SizeMismatchException">The content is longer, or at the end: shorter.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer);
        if (read == 0)
        {
            // An empty buffer gives 0 too; that is not the end.
            if (buffer.Length > 0)
            {
                Verify();
            }

            return 0;
        }

        _position += read;
        if (_position > _expected.Size)
        {
            throw new SizeMismatchException(_position, _expected.Size);
        }

        _sha256.AppendData(buffer[..read]);
        _sha512?.AppendData(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha256.Dispose();
            _sha512?.Dispose();
            if (!_leaveOpen)
            {
                _inner.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Verify()
    {
        if (_verified)
        {
            return;
        }

        _verified = true;
        if (_position != _expected.Size)
        {
            throw new SizeMismatchException(_position, _expected.Size);
        }

        var actual = Digest.FromHash(_sha256.GetHashAndReset());
        if (actual != _expected.Digest)
        {
            throw new DigestMismatchException(actual, _expected.Digest);
        }

        if (_sha512 is not null && Convert.ToHexStringLower(_sha512.GetHashAndReset()) != _expected.Sha512)
        {
            throw new Sha512MismatchException(_expected.Digest);
        }
    }
}
