namespace Provenance.Archive.Transparency;

/// <summary>Recomputes the tiles of a part of a log from its entries, level by level.</summary>
internal sealed class TileAudit(ILogFiles files, long size)
{
    /// <param name="from">Entries before this one are not read, but for those in its tile.</param>
    /// <param name="progress">Entries that are checked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The first tile that is not what it must be, in one sentence; null when all are.</returns>
    /// <exception cref="LogException">A tile or a bundle is missing or too short.</exception>
    public string? FindDamage(long from, IProgress<long>? progress, CancellationToken cancellation)
    {
        long first = from / TilePath.FullWidth * TilePath.FullWidth;
        IReadOnlyList<byte[]>? below = null;
        for (int level = 0; TileHashes.CountAt(level, size) > 0; level++)
        {
            var roots = new List<byte[]>();
            for (long index = first / TilePath.FullWidth; TileHashes.WidthOf(level, index, size) > 0; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                int width = TileHashes.WidthOf(level, index, size);
                byte[] tile = files.ReadHashes(level, index, width);
                long start = index * TilePath.FullWidth;
                bool agrees = below is null ? Agrees(tile, start, Leaves(index, width), start) : Agrees(tile, start, below, first);
                if (!agrees)
                {
                    return Describe(level, index, width);
                }

                if (width == TilePath.FullWidth)
                {
                    roots.Add(TileHashes.RootOf(tile));
                }

                if (level == 0)
                {
                    progress?.Report((index * TilePath.FullWidth) + width);
                }
            }

            below = roots;
            first /= TilePath.FullWidth;
        }

        return null;
    }

    /// <summary>Compares the part of a tile that is known from below.</summary>
    /// <param name="tile">As it was read.</param>
    /// <param name="start">Place of its first hash in its level.</param>
    /// <param name="expected">Hashes of the level, one after the other.</param>
    /// <param name="first">Place of the first of them.</param>
    private static bool Agrees(byte[] tile, long start, IReadOnlyList<byte[]> expected, long first)
    {
        for (int at = (int)Math.Max(0, first - start); at < tile.Length / MerkleTree.HashBytes; at++)
        {
            var hash = tile.AsSpan(at * MerkleTree.HashBytes, MerkleTree.HashBytes);
            if (!hash.SequenceEqual(expected[(int)(start + at - first)]))
            {
                return false;
            }
        }

        return true;
    }

    private List<byte[]> Leaves(long index, int width) => [.. files.ReadEntries(index, width).Select(entry => MerkleTree.HashLeaf(entry))];

    private static string Describe(int level, long index, int width)
    {
        string tile = TilePath.OfHashes(level, index, width);
        return level == 0
            ? $"log tile '{tile}': its hashes are not those of the entries in '{TilePath.OfEntries(index, width)}'"
            : $"log tile '{tile}': its hashes are not those of the tiles below";
    }
}
