using System.Numerics;

namespace Provenance.Archive.Transparency;

/// <summary>The hashes of the tree of one size, read from its tiles.</summary>
internal sealed class TileHashes(ILogFiles files, long size) : ISubtreeHashes
{
    private const int LevelsPerTile = 8;

    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];

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
        long first = from >> (level * LevelsPerTile);
        byte[] tile = Tile(level, first / TilePath.FullWidth);
        int offset = (int)(first % TilePath.FullWidth) * MerkleTree.HashBytes;
        int bytes = (1 << (height % LevelsPerTile)) * MerkleTree.HashBytes;
        return RootOf(tile.AsSpan(offset, bytes));
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
            _tiles.Add((level, index), tile);
        }

        return tile;
    }
}
