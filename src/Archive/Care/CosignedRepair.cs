using System.Globalization;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Fetches cosigned checkpoints that are damaged from other archives: the log's key must have signed them, and the log have had that root.</summary>
internal sealed class CosignedRepair(StoreLayout layout, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private readonly TransparencyLog _log = new(layout, sync);

    public IReadOnlyList<Repair> Run()
    {
        var repairs = new List<Repair>();
        var own = new CosignedCheckpoints(layout, sync);
        foreach (long size in own.Sizes.ToList())
        {
            if (IsGood(own, size))
            {
                continue;
            }

            var archive = sources.All.FirstOrDefault(source => source.Layout is { } other && IsGood(new CosignedCheckpoints(other, sync), size));
            if (archive is not null)
            {
                string name = size.ToString(CultureInfo.InvariantCulture);
                string? aside = quarantine.Keep(Path.Combine(layout.Cosigned, name));
                own.Keep(new CosignedCheckpoints(archive.Layout!, sync).Find(size)!);
                repairs.Add(Repair.Replacing($"log/cosigned/{name}", $"fetched from '{archive.Name}', its signatures and root proved", aside));
            }
        }

        return repairs;
    }

    private bool IsGood(CosignedCheckpoints from, long size)
    {
        try
        {
            return from.Find(size) is { } found
                && size <= _log.Size
                && found.Tree.HasRoot(_log.RootAt(size))
                && found.Verify(KnownKeys.Load(layout)).Log?.Name == found.Checkpoint.Origin;
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
