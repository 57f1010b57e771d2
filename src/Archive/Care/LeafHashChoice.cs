using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Finds the hashes of all entries where entries and tiles contradict each other or are missing: those that come to the signed root.</summary>
/// <remarks>
/// 1 where a bundle of entries and the tile over it agree, that is believed for now · 2 else every version that anybody has stands to choose,
/// those first that the tile above knows · 3 all are put together, in every combination up to a bound, and the first that comes to the root is it.
/// Nothing but the root decides: two files that were both changed alike do not pass.
/// </remarks>
/// <param name="own">The log's own files.</param>
/// <param name="others">Those of other copies of the log.</param>
/// <param name="catalog">Gives entries again.</param>
/// <param name="tree">What the log's key has signed.</param>
internal sealed class LeafHashChoice(TileFiles own, IReadOnlyList<TileFiles> others, CatalogEntries catalog, TreeHead tree)
{
    private const int MaxCombinations = 4096;

    /// <returns>One array for each bundle; null when nothing comes to the root.</returns>
    public LeafHashes? Find()
    {
        var versions = new List<List<byte[]>>();
        for (long index = 0; TileHashes.WidthOf(0, index, tree.Size) is > 0 and var width; index++)
        {
            versions.Add(Versions(index, width));
            if (versions[^1].Count == 0)
            {
                return null;
            }
        }

        return Combinations(versions).Take(MaxCombinations).Select(chosen => new LeafHashes(chosen))
            .FirstOrDefault(hashes => tree.HasRoot(MerkleTree.Root(hashes, 0, tree.Size)));
    }

    private List<byte[]> Versions(long index, int width)
    {
        // :: Step 1
        byte[]? entries = HashesOf(TryEntries(own, index, width));
        byte[]? tile = TryTile(own, 0, index, width);
        if (entries is not null && tile is not null && entries.AsSpan().SequenceEqual(tile))
        {
            return [entries];
        }

        // :: Step 2
        var all = new List<byte[]?> { entries, tile };
        foreach (var other in others)
        {
            all.Add(HashesOf(TryEntries(other, index, width)));
            all.Add(TryTile(other, 0, index, width));
        }

        all.Add(HashesOf(catalog.Read(index * TilePath.FullWidth, width)));
        var distinct = all.OfType<byte[]>().DistinctBy(Convert.ToHexString).ToList();
        return width < TilePath.FullWidth ? distinct : [.. distinct.OrderByDescending(version => IsKnownAbove(index, version))];
    }

    private bool IsKnownAbove(long index, byte[] version)
    {
        byte[] root = TileHashes.RootOf(version);
        int at = (int)(index % TilePath.FullWidth) * MerkleTree.HashBytes;
        long above = index / TilePath.FullWidth;
        return others.Prepend(own)
            .Select(files => TryTile(files, 1, above, TileHashes.WidthOf(1, above, tree.Size)))
            .OfType<byte[]>()
            .Any(tile => tile.AsSpan(at, MerkleTree.HashBytes).SequenceEqual(root));
    }

    /// <summary>:: Step 3. The first versions first; the last bundle in doubt changes fastest.</summary>
    private static IEnumerable<IReadOnlyList<byte[]>> Combinations(List<List<byte[]>> versions)
    {
        int[] chosen = new int[versions.Count];
        int[] doubtful = [.. Enumerable.Range(0, versions.Count).Where(index => versions[index].Count > 1)];
        while (true)
        {
            yield return [.. versions.Select((all, index) => all[chosen[index]])];
            int at = doubtful.Length - 1;
            while (at >= 0 && ++chosen[doubtful[at]] == versions[doubtful[at]].Count)
            {
                chosen[doubtful[at--]] = 0;
            }

            if (at < 0)
            {
                yield break;
            }
        }
    }

    internal static byte[]? HashesOf(IReadOnlyList<byte[]?>? entries) =>
        entries is null || entries.Contains(null) ? null : [.. entries.SelectMany(entry => MerkleTree.HashLeaf(entry))];

    internal static IReadOnlyList<byte[]>? TryEntries(TileFiles files, long index, int width) => Try(() => files.ReadEntries(index, width));

    internal static byte[]? TryTile(TileFiles files, int level, long index, int width) => Try(() => files.ReadHashes(level, index, width));

    private static T? Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
