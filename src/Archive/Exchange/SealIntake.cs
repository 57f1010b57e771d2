using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>Keeps what seals of other archives prove of a bundle's records.</summary>
/// <remarks>Whose time it is, and whether that is believed, matters to whoever verifies.</remarks>
internal sealed class SealIntake(StoreLayout layout, FolderSync sync)
{
    /// <param name="bundle">Found good.</param>
    /// <param name="signatureOf">The signature that the archive has of a record, or will have.</param>
    /// <returns>What was not kept.</returns>
    public IReadOnlyList<RefusedSeal> Keep(ArrivedBundle bundle, Func<BundledRecord, Digest> signatureOf)
    {
        if (bundle.Seals.Count == 0)
        {
            return [];
        }

        var covering = CarriedSeal.Covering(bundle.Seals, bundle.Manifest.Records
            .Where(listed => signatureOf(listed) == listed.Signature.Digest)
            .Select(listed => new LogLeaf { Kind = listed.Kind, Record = listed.Record, Signature = listed.Signature }));
        var own = Own();
        var kept = new OriginSeals(layout, sync);
        var refused = new List<RefusedSeal>();
        foreach (var seal in bundle.Seals)
        {
            if (!covering.Contains(seal.Name))
            {
                refused.Add(new RefusedSeal(seal.Name, "it is of other signatures than the archive has"));
            }
            else if (!own.Contains(seal.Name))
            {
                kept.Keep(seal);
            }
        }

        return refused;
    }

    /// <summary>Those of this archive, which came home. One that is damaged or gone is not among them, and is kept as it came.</summary>
    private HashSet<Digest> Own()
    {
        var own = new HashSet<Digest>();
        foreach (var (_, _, folder) in Seal.Folders(layout))
        {
            try
            {
                own.Add(Digest.Of(new SealPlace(folder).ReadToken()));
            }
            catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
            {
                // fsck tells of it.
            }
        }

        return own;
    }
}
