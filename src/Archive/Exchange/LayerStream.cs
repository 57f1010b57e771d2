using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Exchange;

/// <summary>The bytes of a layer. The last of them is handed on only when all of them are what the descriptor says.</summary>
/// <remarks>A reader who knows the length does not ask for more than that, and would never see the end, where others find out.</remarks>
internal sealed class LayerStream : ForwardStream
{
    private readonly VerifyingStream _verifying;
    private readonly string _name;
    private long _left;

    /// <param name="inner">Disposed of with this.</param>
    /// <param name="expected">What it must be.</param>
    /// <param name="name">For messages.</param>
    public LayerStream(Stream inner, Descriptor expected, string name)
    {
        _verifying = new VerifyingStream(inner, expected);
        _name = name;
        _left = expected.Size;
    }

    public override long Length => _verifying.Length;

    /// <exception cref="BundleException">They are others, fewer, or more.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = _verifying.Read(buffer);
            _left -= read;
            if (_left == 0 && read > 0)
            {
                // Asks for one more: there must be none.
                _verifying.ReadByte();
            }

            return read;
        }
        catch (Exception e) when (e is DigestMismatchException or SizeMismatchException)
        {
            throw BundleNames.Refused(_name, e.Message);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _verifying.Dispose();
        }

        base.Dispose(disposing);
    }
}
