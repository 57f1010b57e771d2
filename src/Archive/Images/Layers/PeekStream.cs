namespace Provenance.Archive.Images.Layers;

/// <summary>A stream whose beginning can be looked at before it is read.</summary>
internal sealed class PeekStream(Stream inner) : ForwardStream
{
    private byte[] _head = [];
    private int _used;

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
        if (left == 0)
        {
            return inner.Read(buffer);
        }

        int part = Math.Min(left, buffer.Length);
        _head.AsSpan(_used, part).CopyTo(buffer);
        _used += part;
        return part;
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
