using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Takes in what a job read from a pipe: all of it into the digests, and all of it or nothing into the archive.</summary>
/// <param name="blobs">Has what is kept, and commits it.</param>
/// <param name="limitBytes">Of more nothing is kept: a beginning is no input for a replay. 0 for nothing at all.</param>
internal sealed class InputRecorder(BlobBatch blobs, long limitBytes) : IDisposable
{
    private readonly ContentHash _hash = new();
    private BlobWriteStream? _kept;
    private bool _isGivenUp = limitBytes == 0;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        if (_isGivenUp || bytes.IsEmpty)
        {
            return;
        }

        if (_hash.Length > limitBytes)
        {
            GiveUp();
            return;
        }

        try
        {
            _kept ??= blobs.Create(MediaTypes.OctetStream);
            _kept.Write(bytes);
        }
        catch (IOException e) when (DiskFull.IsReasonOf(e))
        {
            // The record is worth more than a copy; that there is none stands in it.
            GiveUp();
        }
    }

    /// <summary>Ends what is kept. Nothing can be appended afterwards.</summary>
    public StandardInput Finish(StandardInput stdin) =>
        stdin with { Size = _hash.Length, Kept = _kept?.Seal(), Digest = _hash.Finish() };

    public void Dispose() => _hash.Dispose();

    private void GiveUp()
    {
        _isGivenUp = true;
        if (_kept is not null)
        {
            blobs.Drop(_kept);
            _kept = null;
        }
    }
}
