namespace Provenance.Archive.Images.Layers;

/// <summary>What is read from it is also written elsewhere.</summary>
/// <param name="inner">Disposed of with this stream.</param>
/// <param name="copy">Not disposed of here.</param>
internal sealed class TeeStream(Stream inner, Stream copy) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        copy.Write(buffer[..read]);
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
