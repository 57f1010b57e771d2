using System.Numerics;

namespace Provenance.Archive.Transparency;

/// <summary>The hashes of the tree of one size, read from its tiles.</summary>
/// <param name="files">The log's.</param>
/// <param name="size">The tree's.</param>
/// <param name="maxTiles">Tiles that are kept, of 8 KiB, with half as much of what was computed from them.</param>
internal sealed class TileHashes(ILogFiles files, long size, int maxTiles = TileHashes.Most) : ISubtreeHashes
{
    /// <summary>32 MB of tiles, 15 MB of other hashes.</summary>
    public const int Most = 4_000;

    private const int LevelsPerTile = 8;
    private const int NodesOfTile = 25;

    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly Dictionary<(long From, long Count), byte[]> _nodes = [];

    public long Size => size;

    /// <summary>How many hashes of one level the tree has, full tiles and the partial one together.</summary>
    public static long CountAt(int level, long size) =>
        level * LevelsPerTile < 63 ? size >> (level * LevelsPerTile) : 0;

    /// <summary>How wide one tile of the tree is; 0 when the tree does not reach it.</summary>
    public static int WidthOf(int level, long index, long size) =>
        (int)Math.Clamp(CountAt(level, size) - (index * TilePath.FullWidth), 0, TilePath.FullWidth);

    public byte[] Subtree(long from, long count)
    {
        int height = BitOperations.Log2((ulong)count);
        int level = height / LevelsPerTile;
        if (height % LevelsPerTile == 0)
        {
            long place = from >> height;
            int offset = (int)(place % TilePath.FullWidth) * MerkleTree.HashBytes;
            return Tile(level, place / TilePath.FullWidth)[offset..(offset + MerkleTree.HashBytes)];
        }

        // Proofs of neighbours are nearly the same nodes.
        if (!_nodes.TryGetValue((from, count), out byte[]? node))
        {
            node = MerkleTree.HashNode(Subtree(from, count / 2), Subtree(from + (count / 2), count / 2));
            if (_nodes.Count == maxTiles * NodesOfTile)
            {
                _nodes.Clear();
            }

            _nodes.Add((from, count), node);
        }

        return node;
    }

    /// <summary>The hash over a run of hashes whose number is a power of two.</summary>
    public static byte[] RootOf(ReadOnlySpan<byte> hashes)
    {
        byte[] level = hashes.ToArray();
        for (int length = level.Length; length > MerkleTree.HashBytes; length /= 2)
        {
            for (int at = 0; at < length; at += 2 * MerkleTree.HashBytes)
            {
                var left = level.AsSpan(at, MerkleTree.HashBytes);
                var right = level.AsSpan(at + MerkleTree.HashBytes, MerkleTree.HashBytes);
                MerkleTree.HashNode(left, right).CopyTo(level, at / 2);
            }
        }

        return level[..MerkleTree.HashBytes];
    }

    private byte[] Tile(int level, long index)
    {
        if (!_tiles.TryGetValue((level, index), out byte[]? tile))
        {
            tile = files.ReadHashes(level, index, WidthOf(level, index, size));
            if (_tiles.Count == maxTiles)
            {
                _tiles.Clear();
            }

            _tiles.Add((level, index), tile);
        }

        return tile;
    }
}
