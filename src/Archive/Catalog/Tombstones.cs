using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Which tombstones do something in an archive: those that one of its own keys has signed.</summary>
/// <remarks>A stranger's, that came with a bundle, is kept and does nothing: else anybody could make others' records vanish.</remarks>
public static class Tombstones
{
    /// <summary>Those in force, oldest first. A second one of a record changes nothing.</summary>
    /// <exception cref="CatalogException">It cannot be told.</exception>
    public static IReadOnlyList<TombstoneRow> InForce(BlobStore blobs, FolderSync sync)
    {
        using var finder = RecordFinder.Open(blobs, sync);
        return InForce(finder.Tombstones(), blobs.Layout);
    }

    /// <summary>Those of some that are in force.</summary>
    public static IReadOnlyList<TombstoneRow> InForce(IReadOnlyList<TombstoneRow> tombstones, StoreLayout layout)
    {
        if (tombstones.Count == 0)
        {
            return [];
        }

        var own = KeyStore.OwnCertificates(layout);
        return [.. tombstones.Where(row => row.SignerCertificate is { } signer && own.Contains(signer)).DistinctBy(row => row.Of)];
    }
}
