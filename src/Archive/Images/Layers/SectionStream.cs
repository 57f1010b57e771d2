using Microsoft.Win32.SafeHandles;

namespace Provenance.Archive.Images.Layers;

/// <summary>A piece of a file, read by offset, so that many can be open on one handle.</summary>
/// <param name="file">Not disposed of here.</param>
/// <param name="offset">Where the piece begins, in bytes.</param>
/// <param name="length">In bytes.</param>
internal sealed class SectionStream(SafeFileHandle file, long offset, long length) : ForwardStream
{
    private long _position;

    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, length - _position);
        int read = wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], offset + _position);
        _position += read;
        return read;
    }
}
