using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Fetches damaged proofs by the logs of other archives from elsewhere. What nobody has is set aside: nothing rests on it.</summary>
internal sealed class OriginRepair(StoreLayout layout, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    public IReadOnlyList<Repair> Run(CancellationToken cancellation)
    {
        var fsck = new OriginFsck(layout, sync, new TransparencyLog(layout, sync));
        fsck.Check(cancellation);
        return [.. fsck.Damaged.Select(file => Mend(file.Record, file.Proof)).OfType<Repair>()];
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
