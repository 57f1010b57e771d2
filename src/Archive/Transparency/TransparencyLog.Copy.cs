using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>How a copy of a log follows the log it was made from.</summary>
public sealed partial class TransparencyLog
{
    /// <summary>Takes over what another copy has beyond this one, up to a checkpoint, in the order of appending. The caller holds the archive's lock.</summary>
    /// <param name="from">Where the entries are. What it gives must come to the checkpoint's root.</param>
    /// <param name="now">What this log is afterwards.</param>
    /// <exception cref="LogException">Its files do not come to the root, or this log is not its beginning; the checkpoint stays what it was.</exception>
    internal void Follow(TransparencyLog from, SignedCheckpoint now)
    {
        var before = FindCheckpoint();
        long oldSize = before?.Tree.Size ?? 0;
        long size = now.Tree.Size;
        if (oldSize > size)
        {
            throw new LogException($"log '{layout.Log}': has {oldSize} entries, the log it is to follow has {size}");
        }

        CopyBundles(from, oldSize, size);
        for (int level = 0; TileHashes.CountAt(level, size) > 0; level++)
        {
            for (long index = TileHashes.CountAt(level, oldSize) / TilePath.FullWidth; TileHashes.WidthOf(level, index, size) > 0; index++)
            {
                _files.WriteHashes(level, index, from.ReadTile(level, index, size));
            }
        }

        var hashes = HashesAt(size);
        if (!now.Tree.HasRoot(MerkleTree.Root(hashes, 0, size)))
        {
            throw new LogException($"log: its tiles do not come to the root of its checkpoint of {size} entries");
        }

        CheckContinues(before, now.Tree, hashes);
        AtomicFile.Write(layout.Checkpoint, now.ToBytes(), sync);
        RemoveSuperseded(oldSize, size);
    }

    private void CopyBundles(TransparencyLog from, long oldSize, long size)
    {
        for (long index = oldSize / TilePath.FullWidth; TileHashes.WidthOf(0, index, size) is > 0 and var width; index++)
        {
            var entries = from._files.ReadEntries(index, width);
            byte[] hashes = [.. entries.SelectMany(entry => MerkleTree.HashLeaf(entry))];
            if (!from.ReadTile(0, index, size).AsSpan().SequenceEqual(hashes))
            {
                throw new LogException($"log bundle '{TilePath.OfEntries(index, width)}': does not agree with its tile");
            }

            using var bundle = new MemoryStream();
            foreach (byte[] entry in entries)
            {
                EntryBundle.Append(bundle, entry);
            }

            _files.WriteEntries(index, width, bundle.ToArray());
        }
    }
}
