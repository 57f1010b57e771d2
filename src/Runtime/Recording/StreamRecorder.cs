using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Takes in what a job writes to one stream: all of it into the digests, its first bytes into the archive.</summary>
/// <param name="blobs">Has what is kept, and commits it.</param>
/// <param name="limitBytes">How much is kept; 0 for nothing.</param>
internal sealed class StreamRecorder(BlobBatch blobs, long limitBytes) : IDisposable
{
    private const int MaxHeadBytes = 64 << 10;

    private readonly ContentHash _hash = new();
    private BlobWriteStream? _kept;
    private byte[] _head = [];
    private int _headLength;

    /// <summary>The first bytes, whether they are kept or not.</summary>
    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _headLength);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        int more = Math.Min(bytes.Length, MaxHeadBytes - _headLength);
        if (more > 0)
        {
            if (_headLength + more > _head.Length)
            {
                Array.Resize(ref _head, Math.Min(MaxHeadBytes, Math.Max(2 * _head.Length, _headLength + more)));
            }

            bytes[..more].CopyTo(_head.AsSpan(_headLength));
            _headLength += more;
        }

        long room = limitBytes - (_kept?.Length ?? 0);
        if (room > 0 && !bytes.IsEmpty)
        {
            _kept ??= blobs.Create(MediaTypes.OctetStream);
            _kept.Write(bytes[..(int)Math.Min(room, bytes.Length)]);
        }
    }

    /// <summary>Ends what is kept. Nothing can be appended afterwards.</summary>
    public StreamOutcome Finish(bool terminal, bool withStderr)
    {
        var kept = _kept?.Seal();
        return new StreamOutcome
        {
            Size = _hash.Length,
            Digest = _hash.Finish(),
            Kept = kept,
            Truncated = kept is not null && kept.Size < _hash.Length,
            Terminal = terminal,
            WithStderr = withStderr,
        };
    }

    public void Dispose() => _hash.Dispose();
}
