using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Catalog;

/// <summary>Reads everything again and compares: blobs with their names, log with its checkpoint, records with what they name, catalog with the log.</summary>
/// <remarks>It takes no lock and changes nothing, so that it can be run while the archive is in use.</remarks>
public sealed class Fsck(BlobStore blobs, FolderSync sync)
{
    private readonly List<FsckFinding> _findings = [];

    /// <summary>The blobs that were read and are what their names say; those that are added beforehand are not read.</summary>
    internal HashSet<DigestKey> Sound { get; init; } = [];

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FsckReport Check(IProgress<FsckProgress>? progress, CancellationToken cancellation)
    {
        // The log first: what it commits to now must be among the blobs that are read after.
        var log = new TransparencyLog(blobs.Layout, sync);
        var checkpoint = FindCheckpoint(log);
        var head = checkpoint?.Tree ?? new TreeHead(0, MerkleTree.EmptyRoot());
        var contents = new BlobFsck(blobs, Sound);
        _findings.AddRange(contents.Check(progress, cancellation));
        Sound.UnionWith(contents.Sound);
        _findings.AddRange(new LogFsck(log, head).Check());
        _findings.AddRange(new SealFsck(blobs.Layout, log).Check());
        _findings.AddRange(new CheckpointFsck(blobs, sync, log, checkpoint).Check(cancellation));
        _findings.AddRange(new OriginFsck(blobs.Layout, sync, log).Check(cancellation));
        Report(progress, "records", contents.Bytes);
        _findings.AddRange(new RecordFsck(blobs, log, head.Size).Check(cancellation));
        _findings.AddRange(new IndexFsck(blobs).Check());
        Report(progress, "catalog", contents.Bytes);
        _findings.AddRange(new CatalogFsck(blobs, log).Check(cancellation));
        _findings.AddRange(new LeftoverFsck(blobs, sync).Check());
        return new FsckReport
        {
            Findings = _findings,
            Blobs = contents.Count,
            Bytes = contents.Bytes,
            LogEntries = head.Size,
        };
    }

    private SignedCheckpoint? FindCheckpoint(TransparencyLog log)
    {
        try
        {
            return log.FindCheckpoint();
        }
        catch (LogException e)
        {
            _findings.Add(new FsckFinding(FsckSeverity.Damage, "log/checkpoint", e.Message));
            return null;
        }
    }

    private static void Report(IProgress<FsckProgress>? progress, string phase, long bytes) =>
        progress?.Report(new FsckProgress(phase, bytes, bytes));
}
