using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>What the steps of a chain have made, as long as later steps may want it.</summary>
/// <param name="folder">A folder of ours.</param>
/// <param name="blobs">Holds what was printed.</param>
/// <param name="leave">Files are copied, since their scratch folder may be kept; else they are moved.</param>
internal sealed class ChainStore(string folder, BlobStore blobs, bool leave)
{
    private readonly Dictionary<(int Step, string Path), FedFile> _made = [];

    /// <summary>Takes what is wanted of a step that has just ended.</summary>
    /// <param name="wanted">What later steps get from it.</param>
    /// <param name="files">What it made.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="hostPathOf">Where a path of its container lies.</param>
    public void Take(IEnumerable<FedFile> wanted, ObservedFiles files, Outcome outcome, Func<string, string?> hostPathOf)
    {
        var digests = files.Generated.ToDictionary(file => file.Path, file => file.Digest, StringComparer.Ordinal);
        foreach (var file in wanted.DistinctBy(file => file.MadePath))
        {
            var made = file.MadePath == ChainStep.Stdout
                ? TakeStream(file, outcome.Stdout)
                : TakeFile(file, hostPathOf(file.MadePath), digests.GetValueOrDefault(file.MadePath));
            if (made is not null)
            {
                _made[(file.Step, file.MadePath)] = made;
            }
        }
    }

    /// <returns>Null when its step did not make it this time.</returns>
    public FedFile? Find(FedFile file) => _made.TryGetValue((file.Step, file.MadePath), out var made)
        ? file with { HostPath = made.HostPath, Digest = made.Digest, Size = made.Size }
        : null;

    private FedFile? TakeStream(FedFile file, StreamOutcome? stream)
    {
        if (stream is null or { Truncated: true })
        {
            return null;
        }

        string path = stream.Kept is { } kept ? blobs.Layout.BlobPath(kept.Digest) : "/dev/null";
        return file with { HostPath = path, Digest = stream.Digest, Size = stream.Size };
    }

    /// <param name="file">What is wanted.</param>
    /// <param name="source">Where it lies; null for nowhere.</param>
    /// <param name="digest">Null when the step did not touch it, or it could not be read in peace.</param>
    private FedFile? TakeFile(FedFile file, string? source, DigestSet? digest)
    {
        if (source is null || SizeOf(source) is not { } size)
        {
            return null;
        }

        string path = Path.Combine(folder, $"{file.Step}-{_made.Count}");
        if (leave)
        {
            File.Copy(source, path);
        }
        else
        {
            File.Move(source, path);
        }

        return file with { HostPath = path, Digest = digest ?? Hash(path), Size = size };
    }

    /// <returns>Null for what is no regular file: what a link points to may be anything, and a fifo would be waited for.</returns>
    private static long? SizeOf(string path)
    {
        if (!Path.Exists(path))
        {
            return null;
        }

        using var parent = Files.OpenFolder(Path.GetDirectoryName(path)!);
        var status = Files.Status(parent, Path.GetFileName(path));
        return status.IsFile ? status.Size : null;
    }

    private static DigestSet Hash(string path)
    {
        using var hash = new ContentHash();
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[1 << 20];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            hash.Append(buffer.AsSpan(0, read));
        }

        return hash.Finish();
    }
}
