using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Distribution;

/// <summary>A body from the network, of which no read waits longer than is said.</summary>
/// <param name="inner">Disposed of with this.</param>
/// <param name="patience">For one read.</param>
/// <param name="cancellation">Ends reading.</param>
internal sealed class PatientStream(Stream inner, TimeSpan patience, CancellationToken cancellation) : ForwardStream
{
    private const int BufferBytes = 1 << 17;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _begin;
    private int _end;

    /// <exception cref="TimeoutException">Nothing came.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_begin == _end && !buffer.IsEmpty)
        {
            _begin = 0;
            _end = Fill();
        }

        int read = Math.Min(buffer.Length, _end - _begin);
        _buffer.AsSpan(_begin, read).CopyTo(buffer);
        _begin += read;
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

    private int Fill()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return inner.ReadAsync(_buffer, limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {patience.TotalSeconds:0} s", e);
        }
    }
}
