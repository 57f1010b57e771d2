using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Compares the entries of the log with its tiles, each tile with the one above, and all with the checkpoint.</summary>
internal sealed class LogFsck(TransparencyLog log, TreeHead head)
{
    public IEnumerable<FsckFinding> Check()
    {
        foreach (var finding in CheckTiles())
        {
            yield return finding;
        }

        if (Try(() => log.RootAt(head.Size)) is { } root && !head.HasRoot(root))
        {
            yield return Damage("log/checkpoint", $"its root is not the root of the {head.Size} entries in the tiles");
        }
    }

    private IEnumerable<FsckFinding> CheckTiles()
    {
        for (int level = 0; TileHashes.CountAt(level, head.Size) > 0; level++)
        {
            long tiles = (TileHashes.CountAt(level, head.Size) + TilePath.FullWidth - 1) / TilePath.FullWidth;
            for (long index = 0; index < tiles; index++)
            {
                if (Problem(level, index) is { } problem)
                {
                    yield return problem;
                }
            }
        }
    }

    private FsckFinding? Problem(int level, long index)
    {
        string path = $"log/{TilePath.OfHashes(level, index, TileHashes.WidthOf(level, index, head.Size))}";
        try
        {
            byte[] tile = log.ReadTile(level, index, head.Size);
            return tile.AsSpan().SequenceEqual(Expected(level, index)) ? null : Damage(path, What(level));
        }
        catch (LogException e)
        {
            return Damage(path, e.Message);
        }
    }

    /// <summary>What the tile must hold by the level below: hashes of entries, or of full tiles.</summary>
    private byte[] Expected(int level, long index)
    {
        long first = index * TilePath.FullWidth;
        long last = first + TileHashes.WidthOf(level, index, head.Size);
        if (level == 0)
        {
            return [.. log.Entries(first, last).SelectMany(entry => MerkleTree.HashLeaf(entry))];
        }

        var hashes = new List<byte>();
        for (long below = first; below < last; below++)
        {
            hashes.AddRange(TileHashes.RootOf(log.ReadTile(level - 1, below, head.Size)));
        }

        return [.. hashes];
    }

    private static string What(int level) =>
        level == 0 ? "does not agree with the entries" : "does not agree with the tiles below";

    private static byte[]? Try(Func<byte[]> read)
    {
        try
        {
            return read();
        }
        catch (LogException)
        {
            return null; // the tile that is missing has its own finding
        }
    }

    private static FsckFinding Damage(string subject, string message) => new(FsckSeverity.Damage, subject, message);
}
