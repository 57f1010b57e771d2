using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Exchange;

/// <summary>A stream whose length is known, read once, forwards.</summary>
/// <remarks>It says that it can seek because a tar's writer asks only such streams for their length.</remarks>
/// <param name="inner">Not disposed of here.</param>
/// <param name="length">In bytes.</param>
/// <param name="count">Told of bytes as they are read; may throw.</param>
internal sealed class SizedStream(Stream inner, long length, Action<int> count) : ForwardStream
{
    private long _position;

    public override bool CanSeek => true;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _position += read;
        count(read);
        return read;
    }
}
