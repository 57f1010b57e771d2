using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Opens what a replay's job gets as standard input.</summary>
internal static class ReplayStdin
{
    /// <summary>The file as it was: kept in the archive, or at its place if its digest agrees; null when it is neither, or was no file.</summary>
    public static SafeFileHandle? Find(StandardInput stdin, BlobStore blobs)
    {
        if (stdin.Kept is { } kept && blobs.Contains(kept.Digest))
        {
            return File.OpenHandle(blobs.Layout.BlobPath(kept.Digest));
        }

        if (stdin is not { Kind: "file", Path: { } path, Digest: { } expected } || !File.Exists(path))
        {
            return null;
        }

        var file = File.OpenHandle(path);
        var now = StdinRecorder.Read(stdin with { Digest = null }, file, blobs, new RecordingOptions(), CancellationToken.None);
        if (now.Digest?.Sha256 != expected.Sha256)
        {
            file.Dispose();
            return null;
        }

        Descriptors.Seek(file, stdin.Offset ?? 0, path);
        return file;
    }

    public static SafeFileHandle Empty() => File.OpenHandle("/dev/null");
}
