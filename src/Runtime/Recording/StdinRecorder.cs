using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Reads the file that is a job's standard input, from where it was handed over, without moving its place.</summary>
internal static class StdinRecorder
{
    private const int BufferBytes = 1 << 18;

    /// <summary>With digests, unless the file changed meanwhile, cannot be read, or has more than the limit.</summary>
    public static StandardInput Read(
        StandardInput stdin, SafeFileHandle file, BlobStore blobs, RecordingOptions options, CancellationToken cancellation)
    {
        var before = Files.Status(file);
        long size = Math.Max(0, before.Size - (stdin.Offset ?? 0));
        if (size > options.Limits.MaxInputBytes)
        {
            return stdin with { Size = size };
        }

        bool keep = options.Keep == KeepMode.All && size <= options.Limits.MaxKeptBytes;
        try
        {
            return Read(stdin, file, before, keep ? blobs : null, cancellation);
        }
        catch (IOException e) when (keep && DiskFull.IsReasonOf(e))
        {
            // The record is worth more than a copy; that there is none stands in it.
            return Read(stdin, file, blobs, options with { Keep = KeepMode.None }, cancellation);
        }
        catch (SyscallException)
        {
            return stdin with { Size = size };
        }
    }

    private static StandardInput Read(
        StandardInput stdin, SafeFileHandle file, FileStatus before, BlobStore? blobs, CancellationToken cancellation)
    {
        long size = Math.Max(0, before.Size - (stdin.Offset ?? 0));
        using var blob = blobs?.Create(MediaTypes.OctetStream);
        using var hash = new ContentHash();
        byte[] buffer = new byte[BufferBytes];
        int read;
        while (hash.Length < size
            && (read = Files.Read(file, buffer, (stdin.Offset ?? 0) + hash.Length, stdin.Path ?? "stdin")) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, read));
            blob?.Write(buffer.AsSpan(0, read));
        }

        var after = Files.Status(file);
        bool same = hash.Length == size && after.Size == before.Size && after.Modified == before.Modified;
        return same
            ? stdin with { Size = size, Digest = hash.Finish(), Kept = blob?.Commit() }
            : stdin with { Size = size };
    }
}
