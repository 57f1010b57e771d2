using System.Runtime.ExceptionServices;

namespace Provenance.Archive.Images.Layers;

/// <summary>Reads a stream on a thread of its own, a bounded way ahead of whoever reads this one.</summary>
/// <remarks>Reading the source, hashing it as a blob and decompressing is about half of an import; this puts it on a second core.</remarks>
internal sealed class ReadAheadStream : ForwardStream
{
    private const int ChunkBytes = 1 << 17;
    private const int ChunkCount = 24;

    private readonly Stream _inner;
    private readonly Thread _thread;
    private readonly byte[][] _chunks = new byte[ChunkCount][];
    private readonly int[] _lengths = new int[ChunkCount];
    private readonly SemaphoreSlim _free = new(ChunkCount);
    private readonly SemaphoreSlim _filled = new(0);
    private readonly CancellationTokenSource _stop;
    private ExceptionDispatchInfo? _failure;
    private int _current = -1;
    private int _used;
    private bool _ended;
    private bool _disposed;

    /// <param name="inner">Only the thread reads it, and it is disposed of with this stream.</param>
    /// <param name="cancellation">Ends reading on both sides.</param>
    public ReadAheadStream(Stream inner, CancellationToken cancellation)
    {
        _inner = inner;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _thread = new Thread(Fill) { IsBackground = true, Name = "layer" };
        _thread.Start();
    }

    /// <summary>Throws here what was thrown there.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _ended || !MoveOn())
        {
            return 0;
        }

        int part = Math.Min(buffer.Length, _lengths[_current] - _used);
        _chunks[_current].AsSpan(_used, part).CopyTo(buffer);
        _used += part;
        return part;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _stop.Cancel();
            _thread.Join();
            _inner.Dispose();
            _stop.Dispose();
            _free.Dispose();
            _filled.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <returns>False at the end.</returns>
    private bool MoveOn()
    {
        if (_current >= 0 && _used < _lengths[_current])
        {
            return true;
        }

        if (_current >= 0)
        {
            _free.Release();
        }

        _filled.Wait(_stop.Token);
        _current = (_current + 1) % ChunkCount;
        _used = 0;
        if (_lengths[_current] > 0)
        {
            return true;
        }

        _ended = true;
        _failure?.Throw();
        return false;
    }

    private void Fill()
    {
        int next = 0;
        try
        {
            do
            {
                _free.Wait(_stop.Token);
                byte[] chunk = _chunks[next] ??= new byte[ChunkBytes];
                _lengths[next] = _inner.ReadAtLeast(chunk, ChunkBytes, throwOnEndOfStream: false);
                _filled.Release();
                next = (next + 1) % ChunkCount;
            }
            while (_lengths[(next + ChunkCount - 1) % ChunkCount] > 0);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or leaves by the same token.
        }
#pragma warning disable CA1031 // whatever happens on this thread is thrown on the reader's
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            _lengths[next] = 0;
            _filled.Release();
        }
    }
}
