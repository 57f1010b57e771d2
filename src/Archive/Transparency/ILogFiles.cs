namespace Provenance.Archive.Transparency;

/// <summary>The files of a log to be read: in a folder, or on a web server.</summary>
/// <remarks>Source: C2SP tlog-tiles.md, "APIs". Every member throws <see cref="LogUnreachableException"/> when the log cannot be asked.</remarks>
public interface ILogFiles
{
    internal const int MaxVerifierKeyBytes = 1 << 12;

    /// <returns>Null when there is none.</returns>
    /// <exception cref="LogException">It is too long.</exception>
    byte[]? FindCheckpoint();

    /// <summary>The key that the log says is its own: nobody vouches for it.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="LogException">It is too long.</exception>
    byte[]? FindVerifierKey();

    /// <summary>By which the log's key is followed by another.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="LogException">It is too long.</exception>
    byte[]? FindRotation(VerifierKey old);

    /// <returns>The hashes of the tile, concatenated.</returns>
    /// <exception cref="LogException">The tile is missing or too short.</exception>
    byte[] ReadHashes(int level, long index, int width);

    /// <returns>As many entries as the bundle is wide.</returns>
    /// <exception cref="LogException">The bundle is missing, or is no sequence of that many entries.</exception>
    IReadOnlyList<byte[]> ReadEntries(long index, int width);
}
