using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Half-written files and folders that killed processes left, and what had arrived of bundles that nobody came back for.</summary>
/// <param name="before">Files that were written later stay: their processes may live.</param>
internal sealed class Leftovers(StoreLayout layout, DateTimeOffset before)
{
    public GcTally Remove(bool dryRun) => Arrivals().Aggregate(RemoveFiles(dryRun), (sum, arrival) => sum.Plus(Remove(arrival, dryRun)));

    /// <summary>The half-written files alone: what has arrived of a bundle may still be wanted.</summary>
    public GcTally RemoveFiles(bool dryRun)
    {
        var removed = GcTally.None;
        foreach (var file in Files().Where(file => file.LastWriteTimeUtc < before))
        {
            removed = removed.Plus(file.Length);
            if (!dryRun)
            {
                file.Delete();
            }
        }

        foreach (var folder in Folders())
        {
            removed = removed.Plus(0);
            if (!dryRun)
            {
                folder.Delete(recursive: true);
            }
        }

        return removed;
    }

    /// <summary>A bundle that is being taken in is locked, and refreshed by every blob that arrives.</summary>
    private IEnumerable<DirectoryInfo> Arrivals() => layout.Arrivals()
        .Select(folder => new DirectoryInfo(folder))
        .Where(folder => folder.LastWriteTimeUtc < before && new DirectoryInfo(new StoreLayout(folder.FullName).Blobs) is var blobs
            && (!blobs.Exists || blobs.LastWriteTimeUtc < before));

    private static long Remove(DirectoryInfo arrival, bool dryRun)
    {
        long bytes = arrival.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        if (!dryRun)
        {
            using var held = ArchiveLock.TryTake(new StoreLayout(arrival.FullName));
            if (held is not null)
            {
                arrival.Delete(recursive: true);
            }
        }

        return bytes;
    }

    /// <summary>What git was shown in place of a work tree's own folder: a few hundred bytes. Seals of which the folder did not get its name.</summary>
    private IEnumerable<DirectoryInfo> Folders() => new[] { layout.Temporary, layout.Seals, layout.OriginSeals }
        .Where(Directory.Exists)
        .SelectMany(folder => new DirectoryInfo(folder).EnumerateDirectories())
        .Where(folder => AtomicFile.IsTemporary(folder.Name) && folder.LastWriteTimeUtc < before);

    private IEnumerable<FileInfo> Files() =>
        new[] { layout.Temporary, layout.Root, layout.Incoming, layout.Log }
            .Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles())
            .Where(file => file.Exists && AtomicFile.IsTemporary(file.Name) && !WriterLease.IsLease(file.Name));
}
