namespace Provenance.Archive.Images.Layers;

/// <summary>The tar inside a layer, whatever it is compressed with. At its end the packed layer too has been read to its end.</summary>
internal sealed class UnpackedLayerStream : ForwardStream
{
    private readonly CountingStream _packed;
    private readonly Stream _unpacked;
    private readonly long? _packedBytes;
    private readonly ImportLimits _limits;
    private readonly string _what;
    private long _count;
    private bool _ended;

    /// <param name="packed">The layer as it is; disposed of with this stream.</param>
    /// <param name="packedBytes">Its size when it is known, in bytes.</param>
    /// <param name="limits">How far it may expand.</param>
    /// <param name="what">What it is, for messages.</param>
    public UnpackedLayerStream(Stream packed, long? packedBytes, ImportLimits limits, string what = "layer")
    {
        _what = what;
        _packedBytes = packedBytes;
        _limits = limits;
        _packed = new CountingStream(packed, static _ => { });
        var peek = new PeekStream(_packed);
        Compression = Decompressor.Recognise(peek);
        try
        {
            _unpacked = Decompressor.Open(Compression, peek);
        }
        catch (Exception e) when (Decompressor.IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    public Compression Compression { get; }

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read = ReadUnpacked(buffer);
        _count += read;
        if (read == 0)
        {
            _ended = true;
            Drain();
        }
        else if (Compression != Compression.None)
        {
            CheckExpansion();
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadUnpacked(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (Exception e) when (Decompressor.IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    /// <summary>A decompressor stops at the end of its data; the digest is of all that is there.</summary>
    private void Drain()
    {
        byte[] rest = new byte[1 << 16];
        while (_packed.Read(rest) > 0)
        {
            // The streams below count and hash.
        }
    }

    private void CheckExpansion()
    {
        long packed = _packedBytes ?? _packed.Count;
        if (_count > _limits.FreeExpansionBytes && _count / _limits.MaxExpansion > packed)
        {
            throw new HostileImageException(
                $"{_what}: unpacks to more than {_limits.MaxExpansion} times its {packed} bytes");
        }
    }

    private HostileImageException Damaged(Exception cause) =>
        new($"{_what}: its {Compression.ToString().ToLowerInvariant()} data are damaged or cut off", cause);
}
