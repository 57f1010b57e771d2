namespace Provenance.Archive.Transparency;

/// <summary>Where a tree's hashes are kept: memory while a proof is tried, tiles on disk otherwise.</summary>
public interface ISubtreeHashes
{
    /// <summary>The hash over <paramref name="count"/> leaves from <paramref name="from"/>, a complete subtree.</summary>
    /// <param name="from">A multiple of <paramref name="count"/>.</param>
    /// <param name="count">A power of two.</param>
    byte[] Subtree(long from, long count);
}
