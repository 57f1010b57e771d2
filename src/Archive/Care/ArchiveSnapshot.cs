using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>What an archive was at one moment, while others write to it: everything that it names is among the blobs from then on.</summary>
/// <remarks>
/// In this order: what the log's key signed last, which is never more than the checkpoint read after it; the records that wait, for one that leaves
/// incoming/ meanwhile is in the log that is read after; the checkpoint; the names of images. The caller holds off gc.
/// </remarks>
internal sealed record ArchiveSnapshot
{
    /// <summary>Null when the log has no entry.</summary>
    public required SignedCheckpoint? Checkpoint { get; init; }

    public required IReadOnlyList<LogLeaf> Incoming { get; init; }

    /// <summary>The file index.json; null when there is none.</summary>
    public required byte[]? Index { get; init; }

    /// <summary>The file dropped.jsonl; null when there is none.</summary>
    public required byte[]? Dropped { get; init; }

    /// <exception cref="ArchiveException">The log is not what its key has signed, or a record that waits is damaged.</exception>
    public static ArchiveSnapshot Take(StoreLayout layout, FolderSync sync)
    {
        var seen = new LogKeyStore(layout, sync).FindSeen();
        var waiting = new IncomingRecords(layout, sync);
        LogLeaf[] incoming = [.. waiting.List().Select(waiting.Find).OfType<LogLeaf>()];
        var checkpoint = new TransparencyLog(layout, sync).FindCheckpoint();
        CheckSigned(layout, checkpoint, seen);
        return new ArchiveSnapshot
        {
            Checkpoint = checkpoint,
            Incoming = incoming,
            Index = ReadIfThere(layout.Index),
            Dropped = ReadIfThere(layout.Dropped),
        };
    }

    private static void CheckSigned(StoreLayout layout, SignedCheckpoint? checkpoint, SignedCheckpoint? seen)
    {
        long size = checkpoint?.Tree.Size ?? 0;
        if (seen is not null && seen.Tree.Size > size)
        {
            throw new LogException($"log: was rolled back: it has {size} entries, {seen.Tree.Size} were signed");
        }

        if (checkpoint is not null && LogRotation.KeysOf(layout) is { Count: > 0 } keys && checkpoint.Verify(KnownKeys.Of(keys)).Log is null)
        {
            throw new LogException($"log: its key has not signed the checkpoint of {size} entries");
        }
    }

    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
