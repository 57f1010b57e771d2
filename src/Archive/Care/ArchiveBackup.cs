using System.Globalization;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Care;

/// <summary>Copies an archive into a folder that is an archive by itself, while others record. The next backup into it copies only what is new.</summary>
/// <remarks>
/// 1 no gc meanwhile, neither here nor there · 2 the folder is new, or an earlier backup of this archive · 3 a snapshot of log, waiting records and
/// names · 4 all blobs, which are at least those that the snapshot needs · 5 the notes of what was dropped, records that wait · 6 the log, its checkpoint
/// last · 7 what hangs on it: seals, proofs, the key's memory · 8 names, settings,
/// who may do what over the web, trust, keys.
/// Killed anywhere, the folder is the earlier backup with more blobs, and another backup goes on. The catalog is not copied: it follows from
/// the rest, and copying it would take its whole size each time.
/// </remarks>
public sealed class ArchiveBackup(BlobStore blobs, FolderSync sync)
{
    /// <summary>A gc reads every record, and not a blob.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly StoreLayout _from = blobs.Layout;

    /// <param name="folder">Where to.</param>
    /// <param name="withKeys">Private keys too: whoever has the backup can sign as the archive then.</param>
    /// <param name="progress">Of the blobs.</param>
    /// <param name="cancellation">Ends it between two blobs.</param>
    /// <exception cref="ArchiveException">The folder is something else, or the log is damaged. The folder is as it was, but for blobs.</exception>
    public BackupReport Copy(string folder, bool withKeys, IProgress<BackupProgress>? progress, CancellationToken cancellation)
    {
        // :: Steps 1 and 2
        using var held = ArchiveLock.Take(_from, _from.GcLock, Patience);
        var to = Prepare(folder);
        using var heldThere = ArchiveLock.TryTake(to, to.GcLock) ?? throw new ArchiveException($"backup '{folder}': a gc or another backup is at work there");
        using var lease = WriterLease.TryTake(to) ?? throw new ArchiveException($"backup '{folder}': cannot be written");

        RemoveLeftovers(to, lease);

        // :: Step 3
        var snapshot = ArchiveSnapshot.Take(_from, sync);
        var mirror = new FileMirror(_from, to, sync);
        Begin(mirror);

        // :: Step 4
        using var copier = new BlobCopier(blobs, new BlobStore(to, sync), new Quarantine(to, sync));
        copier.CopyAll(progress, cancellation);

        // :: Steps 5 to 8
        using var locked = ArchiveLock.Take(to, Patience);
        long before = new TransparencyLog(to, sync).Size;
        Write(mirror, _from.Dropped, snapshot.Dropped);
        CopyIncoming(mirror, to, snapshot, before);
        var seals = new SealCopier(_from, to, sync);
        seals.CopyOrigins();
        CopyLog(mirror, to, snapshot, seals);
        int leftOut = CopyRest(mirror, to, snapshot, withKeys);
        return new BackupReport
        {
            Root = to.Root,
            Blobs = copier.Count,
            NewBlobs = copier.Copied,
            NewBytes = copier.CopiedBytes,
            LogEntries = SizeOf(snapshot),
            NewEntries = SizeOf(snapshot) - before,
            Waiting = snapshot.Incoming.Count,
            KeysLeftOut = leftOut,
            Damaged = [.. copier.Damaged, .. seals.Damaged],
        };
    }

    /// <summary>What a backup that was killed has left half-written.</summary>
    private static void RemoveLeftovers(StoreLayout to, WriterLease own)
    {
        using var locked = ArchiveLock.Take(to, Patience);
        var before = WriterLease.Living(to).Select(lease => lease.Since).Append(own.Since).Min();
        new Leftovers(to, before).RemoveFiles(dryRun: false);
    }

    /// <summary>A folder with something else in it, or with another archive, is left alone.</summary>
    private StoreLayout Prepare(string folder)
    {
        var to = new StoreLayout(folder);
        if (IsBelow(to.Root, _from.Root) || IsBelow(_from.Root, to.Root))
        {
            throw new ArchiveException($"backup '{folder}': is the archive itself, in it, or around it");
        }

        if (File.Exists(to.Root))
        {
            throw new ArchiveException($"backup '{folder}': is a file, expected a folder");
        }

        if (Directory.Exists(to.Root) && !IsEmpty(to) && !IsBackup(to))
        {
            throw new ArchiveException($"backup '{folder}': is not empty, and no backup of archive '{_from.Root}'");
        }

        return to;
    }

    /// <summary>What a backup that was killed before its first file leaves is nothing.</summary>
    private static bool IsEmpty(StoreLayout to) =>
        Directory.EnumerateFileSystemEntries(to.Root).All(path => path == to.GcLock || path == to.LockFile || IsHalfWritten(path)
            || (path == to.Temporary && Directory.EnumerateFileSystemEntries(path).All(IsHalfWritten)));

    private static bool IsHalfWritten(string path) => AtomicFile.IsTemporary(Path.GetFileName(path));

    private static bool IsBelow(string path, string folder) => $"{path}/".StartsWith($"{folder}/", StringComparison.Ordinal);

    /// <summary>The log's key tells whose it is. Before there is one, an archive without a log.</summary>
    private bool IsBackup(StoreLayout to)
    {
        var key = LogKeyStore.FindVerifier(to);
        return File.Exists(to.OciLayout) && (key is null ? !File.Exists(to.Checkpoint) : LogRotation.KeysOf(_from).Contains(key));
    }

    /// <summary>What makes the folder known again, before anything else is in it.</summary>
    private void Begin(FileMirror mirror)
    {
        mirror.Write(_from.OciLayout, IndexFile.LayoutBytes);
        if (LogKeyStore.FindVerifier(_from) is { } key)
        {
            mirror.Write(Path.Combine(_from.LogKeys, "vkey"), System.Text.Encoding.UTF8.GetBytes($"{key}\n"));
        }
    }

    private void CopyIncoming(FileMirror mirror, StoreLayout to, ArchiveSnapshot snapshot, long before)
    {
        foreach (var leaf in snapshot.Incoming)
        {
            mirror.Write(Path.Combine(_from.Incoming, leaf.Record.Sha256), leaf.ToBytes());
        }

        // What waited at the last backup is in the log by now.
        var waiting = snapshot.Incoming.Select(leaf => leaf.Record.Digest).ToHashSet();
        var there = new IncomingRecords(to, sync);
        foreach (var record in there.List().Count == waiting.Count ? [] : Logged(before, SizeOf(snapshot)).Where(record => !waiting.Contains(record)))
        {
            there.Remove(record);
        }
    }

    private IEnumerable<Digest> Logged(long from, long to) =>
        new TransparencyLog(_from, sync).Entries(from, to).Select(entry => LogLeaf.Parse(entry).Record.Digest);

    private void CopyLog(FileMirror mirror, StoreLayout to, ArchiveSnapshot snapshot, SealCopier seals)
    {
        if (snapshot.Checkpoint is not { } checkpoint)
        {
            return;
        }

        // :: Step 6
        new TransparencyLog(to, sync).Follow(new TransparencyLog(_from, sync), checkpoint);

        // :: Step 7
        long size = checkpoint.Tree.Size;
        mirror.Copy(_from.PublishedLogKey);
        mirror.CopyBelow(_from.LogRotations);
        mirror.CopyBelow(_from.Cosigned, path =>
            long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out long at) && at <= size);
        seals.CopyOwn(mirror, size);
        new ProofCopier(_from, to, sync, checkpoint).CopyAll();
        if (checkpoint.IsSigned)
        {
            mirror.Write(new LogKeyStore(_from, sync).SeenFile, checkpoint.ToBytes());
        }
    }

    /// <summary>:: Step 8.</summary>
    private int CopyRest(FileMirror mirror, StoreLayout to, ArchiveSnapshot snapshot, bool withKeys)
    {
        Write(mirror, _from.Index, snapshot.Index);
        mirror.Copy(_from.Config);
        ServiceDatabase.Hold(_from, () => mirror.Copy(_from.ServiceDatabase));
        mirror.MirrorBelow(_from.Trust, new Quarantine(to, sync));
        mirror.CopyBelow(_from.Audits);
        mirror.CopyBelow(_from.Origins, path => !IsBelow(path, _from.OriginSeals));
        string[] ours = [new LogKeyStore(_from, sync).SeenFile, .. withKeys ? [] : KeyStore.Choices(_from)];
        return mirror.CopyKeys(withKeys, ours);
    }

    private static void Write(FileMirror mirror, string path, byte[]? content)
    {
        if (content is not null)
        {
            mirror.Write(path, content);
        }
    }

    private static long SizeOf(ArchiveSnapshot snapshot) => snapshot.Checkpoint?.Tree.Size ?? 0;
}
