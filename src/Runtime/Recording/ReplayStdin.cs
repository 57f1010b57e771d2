using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>Opens what a replay's job gets as standard input.</summary>
internal static class ReplayStdin
{
    /// <summary>The content as it was: kept in the archive, or in a file at its place if its digest agrees; null when it is neither.</summary>
    public static SafeFileHandle? Find(StandardInput stdin, BlobStore blobs)
    {
        if (stdin.Kept is { } kept && blobs.Contains(kept.Digest))
        {
            return File.OpenHandle(blobs.Layout.BlobPath(kept.Digest));
        }

        if (stdin is { Kind: "pipe", Size: 0, Digest: not null })
        {
            return Empty();
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

    /// <summary>The content in the form that the run had it: through a pipe, at a terminal, or as a file. What is not to be had is empty.</summary>
    /// <param name="invocation">As recorded.</param>
    /// <param name="content">Closed with the channel; null for what is not to be had.</param>
    /// <param name="hasTerminals">Whether this host has terminals to give.</param>
    /// <exception cref="SyscallException">No descriptor is to be had.</exception>
    public static InputChannel Open(Invocation invocation, SafeFileHandle? content, bool hasTerminals) => invocation.Stdin.Kind switch
    {
        "terminal" when content is null && hasTerminals => new EmptyTerminal(JobTerminals.SizeOf(invocation, JobTerminals.Stdin)),
        "pipe" => new FedInput(content ?? Empty()),
        _ => new GivenInput(content ?? Empty()),
    };

    public static SafeFileHandle Empty() => File.OpenHandle("/dev/null");
}
