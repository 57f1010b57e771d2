using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Half-written files that killed processes left.</summary>
/// <param name="before">Files that were written later stay: their processes may live.</param>
internal sealed class Leftovers(StoreLayout layout, DateTimeOffset before)
{
    public GcTally Remove(bool dryRun)
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

        return removed;
    }

    private IEnumerable<FileInfo> Files() =>
        new[] { layout.Temporary, layout.Root, layout.Incoming, layout.Log }
            .Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles())
            .Where(file => file.Exists && AtomicFile.IsTemporary(file.Name) && !WriterLease.IsLease(file.Name));
}
