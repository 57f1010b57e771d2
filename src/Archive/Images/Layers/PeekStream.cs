namespace Provenance.Archive.Images.Layers;

/// <summary>A stream whose beginning can be looked at before it is read.</summary>
internal sealed class PeekStream(Stream inner) : ForwardStream
{
    private byte[] _head = [];
    private int _used;
    private long _position;

    /// <summary>Bytes read so far: the xz decoder aligns by it.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The next bytes, fewer only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        int left = _head.Length - _used;
        if (left < count)
        {
            byte[] head = new byte[count];
            _head.AsSpan(_used).CopyTo(head);
            int read = inner.ReadAtLeast(head.AsSpan(left), count - left, throwOnEndOfStream: false);
            (_head, _used) = (head[..(left + read)], 0);
        }

        return _head.AsSpan(_used, Math.Min(count, _head.Length - _used));
    }

    public bool AtEnd() => Peek(1).IsEmpty;

    public override int Read(Span<byte> buffer)
    {
        int left = _head.Length - _used;
        int read = Math.Min(left, buffer.Length);
        if (left == 0)
        {
            read = inner.Read(buffer);
        }
        else
        {
            _head.AsSpan(_used, read).CopyTo(buffer);
            _used += read;
        }

        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
