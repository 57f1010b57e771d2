using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Writes a list of JSON lines into the archive as the lines come, so that it is never in memory.</summary>
internal sealed class LineListWriter(BlobBatch blobs)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private BlobWriteStream? _blob;
    private int _filled;

    public int Count { get; private set; }

    /// <param name="line">With its line feed.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        _blob ??= blobs.Create(MediaTypes.JsonLines);
        Count++;
        if (line.Length > _buffer.Length - _filled)
        {
            Flush();
        }

        if (line.Length > _buffer.Length)
        {
            _blob.Write(line);
            return;
        }

        line.CopyTo(_buffer.AsSpan(_filled));
        _filled += line.Length;
    }

    /// <summary>Ends the list; the batch makes it durable. Null when there was no line.</summary>
    public Descriptor? Seal()
    {
        Flush();
        return _blob?.Seal();
    }

    /// <summary>Ends the list, and says how many there are.</summary>
    public LineList Finish() => new() { Blob = Seal(), Count = Count };

    private void Flush()
    {
        _blob?.Write(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }
}
