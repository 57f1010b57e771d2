using Provenance.Archive.Content;

namespace Provenance.Archive.Images.Layers;

/// <summary>Digests what is read through it.</summary>
/// <param name="inner">Disposed of with this stream.</param>
internal sealed class DigestingStream(Stream inner) : ForwardStream
{
    private readonly RunningDigest _digest = new();

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _digest.Append(buffer[..read]);
        return read;
    }

    /// <summary>Of all that was read.</summary>
    public Digest Finish() => Digest.FromHash(_digest.Finish());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }
}
