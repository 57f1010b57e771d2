namespace Provenance.Runtime.Comparison;

/// <summary>A piece of a stream as a stream of its own. One at a time may be read, for they share a position.</summary>
/// <param name="whole">Can be sought in; not disposed of here.</param>
/// <param name="offset">Where the piece begins, in bytes.</param>
/// <param name="length">In bytes.</param>
internal sealed class ViewStream(Stream whole, long offset, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        long left = Math.Max(0, length - Position);
        whole.Position = offset + Position;
        int read = whole.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
