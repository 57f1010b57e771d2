using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>The tree over hashes of entries that are in memory, a bundle's worth in each array.</summary>
internal sealed class LeafHashes : ISubtreeHashes
{
    private readonly IReadOnlyList<byte[]> _bundles;
    private readonly byte[]?[] _roots;

    /// <param name="bundles">Hashes of up to 256 entries, concatenated; only the last may be of fewer.</param>
    public LeafHashes(IReadOnlyList<byte[]> bundles)
    {
        _bundles = bundles;
        _roots = new byte[]?[bundles.Count];
    }

    public byte[] Subtree(long from, long count)
    {
        if (count > TilePath.FullWidth)
        {
            return MerkleTree.HashNode(Subtree(from, count / 2), Subtree(from + (count / 2), count / 2));
        }

        int bundle = (int)(from / TilePath.FullWidth);
        int offset = (int)(from % TilePath.FullWidth) * MerkleTree.HashBytes;
        return count == TilePath.FullWidth
            ? _roots[bundle] ??= TileHashes.RootOf(_bundles[bundle])
            : TileHashes.RootOf(_bundles[bundle].AsSpan(offset, (int)count * MerkleTree.HashBytes));
    }

    /// <summary>The tiles of one level, from the first on.</summary>
    /// <param name="size">Of the tree.</param>
    public IEnumerable<byte[]> TilesAt(int level, long size)
    {
        long span = 1L << (8 * level);
        for (long index = 0; TileHashes.WidthOf(level, index, size) is > 0 and var width; index++)
        {
            long first = index * TilePath.FullWidth;
            yield return level == 0
                ? _bundles[(int)index]
                : [.. Enumerable.Range(0, width).SelectMany(at => Subtree((first + at) * span, span))];
        }
    }
}
