using Provenance.Archive;
using Provenance.Archive.Care;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Rootfs;

/// <summary>Compares every unpacked image with its tree manifest, and removes those that are not as it says: they are unpacked again when needed.</summary>
/// <param name="blobs">The archive's.</param>
public sealed class CacheRepair(BlobStore blobs)
{
    private readonly RootfsStore _store = new(blobs.Layout);

    /// <param name="cancellation">Ends it between two trees, or in one.</param>
    /// <returns>One for each that was not as it should be.</returns>
    public IReadOnlyList<Repair> Run(CancellationToken cancellation) =>
        [.. _store.List().OrderBy(tree => tree.Hex, StringComparer.Ordinal).Select(tree => Mend(tree, cancellation)).OfType<Repair>()];

    private Repair? Mend(Digest tree, CancellationToken cancellation)
    {
        if (FindDifference(tree, cancellation) is not { } difference)
        {
            return null;
        }

        string subject = $"cache/rootfs/{tree.Hex}";
        return _store.Remove(tree) == TreeRemovalOutcome.InUse
            ? new Repair(subject, $"{difference}; a job uses it, so that it stays: repair again when the job has ended")
            : new Repair(subject, $"{difference}; removed, it is unpacked again when it is needed");
    }

    /// <returns>The first; null when there is none, or when there is nothing to compare with.</returns>
    private string? FindDifference(Digest tree, CancellationToken cancellation)
    {
        try
        {
            using var manifest = blobs.Open(new Descriptor { MediaType = MediaTypes.JsonLines, Digest = tree, Size = blobs.SizeOf(tree) });
            var verification = _store.Verify(tree, RecordLines.ReadTree(manifest), cancellation);
            return verification.Differences.Count > 0 ? verification.Differences[0] : null;
        }
        catch (ArchiveException)
        {
            return null; // the manifest is missing or damaged, which fsck tells of
        }
    }
}
