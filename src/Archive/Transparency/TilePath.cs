using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>Where a tile stands below the log's folder: <c>tile/0/x001/067.p/8</c>. Level and index from 0.</summary>
/// <remarks>Source: C2SP tlog-tiles.md, "Merkle Tree" and "Log entries".</remarks>
internal static class TilePath
{
    /// <summary>Hashes in a full tile, entries in a full bundle.</summary>
    public const int FullWidth = 256;

    private const int DigitsPerElement = 1000;

    /// <param name="width">Below 256 for the partial tile at the end of the tree.</param>
    public static string OfHashes(int level, long index, int width) => Of($"{level}", index, width);

    /// <param name="width">Below 256 for the partial bundle at the end of the log.</param>
    public static string OfEntries(long index, int width) => Of("entries", index, width);

    /// <summary>The folder that holds the partial versions of one tile or bundle, given its full path.</summary>
    public static string PartialsOf(string fullTile) => fullTile + ".p";

    private static string Of(string kind, long index, int width)
    {
        var path = new StringBuilder($"{index % DigitsPerElement:000}");
        for (long rest = index / DigitsPerElement; rest > 0; rest /= DigitsPerElement)
        {
            path.Insert(0, $"x{rest % DigitsPerElement:000}/");
        }

        string full = $"tile/{kind}/{path}";
        return width == FullWidth ? full : $"{PartialsOf(full)}/{width}";
    }
}
