using System.Runtime.ExceptionServices;
using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>The bytes of a blob that is being sent, piece by piece; a piece that has to be sent again is read again.</summary>
/// <param name="open">Gives the bytes from the first on.</param>
/// <param name="blob">What they must be.</param>
internal sealed class BlobSource(Func<Stream> open, Descriptor blob) : IDisposable
{
    private const int BufferBytes = 1 << 17;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private Stream? _content;
    private long _position;
    private Exception? _problem;

    /// <summary>What is wrong here is told instead of the lost connection that came of it.</summary>
    public void ThrowIfDamaged()
    {
        if (_problem is not null)
        {
            ExceptionDispatchInfo.Throw(_problem);
        }
    }

    /// <param name="to">The connection.</param>
    /// <param name="begin">Of the piece, in bytes.</param>
    /// <param name="length">Of the piece, in bytes.</param>
    /// <param name="sent">Told of bytes as they go.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task CopyAsync(Stream to, long begin, long length, Action<int> sent, CancellationToken cancellation)
    {
        Seek(begin);
        for (long left = length; left > 0;)
        {
            int read = Read((int)Math.Min(_buffer.Length, left));
            left -= read;
            await to.WriteAsync(_buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            sent(read);
        }
    }

    public void Dispose() => _content?.Dispose();

    private void Seek(long begin)
    {
        if (_content is not null && _position == begin)
        {
            return;
        }

        try
        {
            _content?.Dispose();
            (_content, _position) = (open(), 0);
        }
        catch (ArchiveException e)
        {
            _problem = e;
            throw;
        }

        while (_position < begin)
        {
            Read((int)Math.Min(_buffer.Length, begin - _position));
        }
    }

    /// <summary>The last bytes are given only when all of them were what the descriptor says: its stream finds that out at the end.</summary>
    private int Read(int wanted)
    {
        try
        {
            int read = _content!.Read(_buffer.AsSpan(0, wanted));
            _position += read;
            if (read == 0 || (_position == blob.Size && _content.ReadByte() >= 0))
            {
                throw new SizeMismatchException(read == 0 ? _position : _position + 1, blob.Size);
            }

            return read;
        }
        catch (ArchiveException e)
        {
            _problem = e;
            throw;
        }
    }
}
