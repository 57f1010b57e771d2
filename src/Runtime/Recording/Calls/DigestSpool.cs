using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Digests of many files, in a file without a name: of two hundred thousand inputs they would be a quarter of all memory.
/// For several threads.</summary>
internal sealed class DigestSpool(BlobStore blobs) : IDisposable
{
    private readonly Lazy<SafeFileHandle> _file = new(blobs.CreateScratch);
    private int _count;

    /// <param name="digests">As <see cref="PackedDigests"/> has them.</param>
    /// <returns>The number under which they are found again.</returns>
    public int Add(ReadOnlySpan<byte> digests)
    {
        int number = Interlocked.Increment(ref _count) - 1;
        RandomAccess.Write(_file.Value, digests, (long)number * PackedDigests.SizeBytes);
        return number;
    }

    public byte[] Read(int number)
    {
        byte[] digests = new byte[PackedDigests.SizeBytes];
        int length = RandomAccess.Read(_file.Value, digests, (long)number * PackedDigests.SizeBytes);
        return length == digests.Length ? digests : throw new RecordingException($"digests {number}: are not in the spool");
    }

    public void Dispose()
    {
        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }
}
