namespace Provenance.Archive.Images.Layers;

/// <summary>Tells how much was read through it.</summary>
internal sealed class CountingStream(Stream inner, Action<int> count) : ForwardStream
{
    /// <summary>In bytes.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Count += read;
        count(read);
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
