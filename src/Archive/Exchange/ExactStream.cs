using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Exchange;

/// <summary>Gives as many bytes as were there when it was looked at, or throws: a file may be written to while it is read.</summary>
/// <param name="inner">Not disposed of here.</param>
/// <param name="length">In bytes.</param>
/// <param name="name">For the message.</param>
internal sealed class ExactStream(Stream inner, long length, string name) : ForwardStream
{
    private long _position;

    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        int read = inner.Read(buffer[..wanted]);
        _position += read;
        return read > 0 ? read : throw BundleNames.Refused(name, $"became shorter than {length} bytes while it was read");
    }
}
