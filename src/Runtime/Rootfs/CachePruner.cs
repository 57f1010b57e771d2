using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>Removes from an archive's cache what has not been used for long. Nothing is lost by it.</summary>
public sealed class CachePruner(StoreLayout archive, TimeProvider clock)
{
    /// <summary>In the tree, and among the shared ones: with more links a file belongs to another tree too.</summary>
    private const uint LinksOfOneTree = 2;

    private readonly RootfsStore _store = new(archive);

    /// <param name="unusedFor">Since the last job began in a tree, or the last change of another file.</param>
    /// <param name="dryRun">Only counts.</param>
    /// <returns>Trees and files, and the bytes they took.</returns>
    public GcTally Prune(TimeSpan unusedFor, bool dryRun)
    {
        var before = clock.GetUtcNow() - unusedFor;
        return Files(before, dryRun).Concat(Trees(before, dryRun))
            .Aggregate(GcTally.None, (sum, bytes) => sum.Plus(bytes));
    }

    private IEnumerable<long> Trees(DateTimeOffset before, bool dryRun)
    {
        foreach (var tree in _store.List().Where(tree => LastUse(tree) < before))
        {
            long bytes = DiskUse.Below(_store.Find(tree)!, LinksOfOneTree);
            if (dryRun || _store.Remove(tree) == TreeRemovalOutcome.Removed)
            {
                yield return bytes;
            }
        }
    }

    private DateTimeOffset LastUse(Digest tree)
    {
        using var cache = Native.Files.OpenFolder(_store.Folder);
        // A tree of a program that did not note its use: since it was put there.
        var last = TreeUse.LastOf(cache, tree)
            ?? (Native.Files.TryStatus(cache, tree.Hex, out var status) == Errno.None ? status.Changed : default);
        return DateTimeOffset.FromUnixTimeSeconds(last.Seconds);
    }

    /// <summary>What stands beside the trees and the files they share: results of scans, digests of inputs.</summary>
    private IEnumerable<long> Files(DateTimeOffset before, bool dryRun)
    {
        var folder = new DirectoryInfo(_store.CacheFolder);
        if (!folder.Exists)
        {
            yield break;
        }

        var others = folder.EnumerateFiles()
            .Concat(folder.EnumerateDirectories().Where(IsOther).SelectMany(below => below.EnumerateFiles("*", SearchOption.AllDirectories)));
        foreach (var file in others.Where(file => file.LastWriteTimeUtc < before))
        {
            yield return file.Length;
            if (!dryRun)
            {
                file.Delete();
            }
        }
    }

    private bool IsOther(DirectoryInfo folder) => folder.FullName != _store.Folder && folder.FullName != _store.FilesFolder;
}
