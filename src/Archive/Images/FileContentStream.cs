using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>The bytes of one file of a layer, hashed while they are read. It is read once, forwards, and gives exactly <see cref="Length"/> bytes.</summary>
public sealed class FileContentStream : Stream
{
    /// <summary>Enough to tell the machine an ELF file is for.</summary>
    private const int HeadBytes = 20;

    private readonly LayerBytes _read;
    private readonly RunningDigest _hash = new();
    private long _position;
    private readonly byte[] _head = new byte[HeadBytes];
    private readonly int _keep;
    private readonly MemoryStream? _kept;
    private byte[]? _result;
    private Digest? _digest;

    /// <param name="read">Gives at least <paramref name="length"/> bytes, or throws.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="keep">How many of the first bytes are kept in memory.</param>
    internal FileContentStream(LayerBytes read, long length, int keep = 0)
    {
        (_read, _keep) = (read, keep);
        Length = length;
        _kept = keep == 0 ? null : new MemoryStream(keep);
    }

    /// <summary>Fills as much of the buffer as it can, at least one byte; throws at the end of the layer.</summary>
    internal delegate int LayerBytes(Span<byte> buffer);

    /// <summary>SHA-256 of the whole content; known once it has been read to its end.</summary>
    /// <exception cref="InvalidOperationException">It has not been read to its end.</exception>
    public Digest Digest => _digest ??= Digest.FromHash(Hash);

    /// <summary>The 32 bytes of <see cref="Digest"/>.</summary>
    internal byte[] Hash => _position < Length
        ? throw new InvalidOperationException("the digest of a file is known only after it is read")
        : _result ??= _hash.Finish();

    /// <summary>The first bytes of those read so far.</summary>
    internal ReadOnlySpan<byte> Head => _head.AsSpan(0, (int)Math.Min(_position, HeadBytes));

    /// <summary>The first bytes of those read so far, as many as are kept.</summary>
    internal ReadOnlyMemory<byte> Kept => _kept?.GetBuffer().AsMemory(0, (int)_kept.Length) ?? default;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length { get; }

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, Length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        int read = _read(buffer[..wanted]);
        _hash.Append(buffer[..read]);
        if (_position < HeadBytes)
        {
            var part = buffer[..(int)Math.Min(read, HeadBytes - _position)];
            part.CopyTo(_head.AsSpan((int)_position));
        }

        _kept?.Write(buffer[..(int)Math.Min(read, _keep - _kept.Length)]);
        _position += read;
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
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
