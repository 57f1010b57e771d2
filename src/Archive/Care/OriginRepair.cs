using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Fetches damaged proofs by the logs of other archives, and seals of theirs, from elsewhere. What nobody has is set aside.</summary>
internal sealed class OriginRepair(StoreLayout layout, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    public IReadOnlyList<Repair> Run(CancellationToken cancellation)
    {
        var fsck = new OriginFsck(layout, sync, new TransparencyLog(layout, sync));
        fsck.Check(cancellation);
        return [.. fsck.Damaged.Select(file => Mend(file.Record, file.Proof)).OfType<Repair>(), .. fsck.DamagedSeals.Select(MendSeal).OfType<Repair>()];
    }

    private Repair? MendSeal(Digest name)
    {
        var seals = new OriginSeals(layout, sync);
        var place = seals.PlaceOf(name);
        string subject = OriginFsck.SubjectOf(name);
        string?[] kept = [quarantine.SetAside(place.SumsPath), quarantine.SetAside(place.TokenPath)];
        string aside = string.Join("' and '", kept.OfType<string>());
        foreach (var source in sources.All.Where(source => source.Layout is not null))
        {
            try
            {
                seals.Keep(new OriginSeals(source.Layout!, sync).Read(name));
                return Repair.Replacing(subject, $"fetched from '{source.Name}'", aside.Length > 0 ? aside : null);
            }
            catch (LogException)
            {
                // The next may have it.
            }
        }

        if (!Directory.Exists(place.Folder))
        {
            return null; // a seal of this archive is over it, and nobody has it
        }

        // What stands in it besides is nobody's we know.
        if (!Directory.EnumerateFileSystemEntries(place.Folder).Any())
        {
            Directory.Delete(place.Folder);
        }

        return new Repair(subject, aside.Length > 0 ? $"set aside, for it proves nothing; it is in '{aside}'" : "removed, for there was nothing in it");
    }

    private Repair? Mend(Digest record, Digest name)
    {
        string subject = OriginFsck.SubjectOf(record, name);
        string path = layout.OriginPath(record, name);

        // What has the right digest, and does not lead from the record, is no better elsewhere.
        if (TryRead(layout, record, name) is null)
        {
            foreach (var source in sources.All.Where(source => source.Layout is not null))
            {
                if (TryRead(source.Layout!, record, name) is { } found)
                {
                    string? kept = quarantine.Keep(path);
                    AtomicFile.Write(path, found.Bytes.Span, sync);
                    return Repair.Replacing(subject, $"fetched from '{source.Name}'", kept);
                }
            }
        }

        return quarantine.SetAside(path) is { } aside
            ? new Repair(subject, $"set aside, for it proves nothing; it is in '{aside}'")
            : null;
    }

    private OriginProof? TryRead(StoreLayout from, Digest record, Digest name)
    {
        try
        {
            return new OriginProofs(from, sync).Read(record, name);
        }
        catch (LogException)
        {
            return null;
        }
    }
}
