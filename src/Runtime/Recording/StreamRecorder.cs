using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Takes in what a job writes to one stream: all of it into the digests, its first bytes into the archive.</summary>
/// <param name="blobs">Has what is kept, and commits it.</param>
/// <param name="limitBytes">How much is kept; 0 for nothing.</param>
internal sealed class StreamRecorder(BlobBatch blobs, long limitBytes) : IDisposable
{
    private readonly ContentHash _hash = new();
    private BlobWriteStream? _kept;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
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
