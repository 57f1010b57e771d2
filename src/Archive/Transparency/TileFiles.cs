using System.Buffers;
using System.Globalization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>The files of the log's folder: tiles and bundles, full and partial.</summary>
/// <remarks>
/// A partial tile is removed once a wider one stands in the log. A reader that knows an older size therefore takes the first hashes of
/// a wider tile: the beginning of a log never changes.
/// </remarks>
internal sealed class TileFiles(string folder, FolderSync sync) : ILogFiles
{
    /// <summary>Times a reader looks again after a writer has replaced the partial tile under it.</summary>
    private const int ReadAttempts = 5;

    public byte[]? FindCheckpoint() => FindFile("checkpoint", SignedNote.MaxBytes);

    public byte[]? FindVerifierKey() => FindFile("vkey", ILogFiles.MaxVerifierKeyBytes);

    public byte[]? FindRotation(VerifierKey old) => FindFile(LogRotation.PathFrom(old), SignedNote.MaxBytes);

    public byte[] ReadHashes(int level, long index, int width)
    {
        string path = TilePath.OfHashes(level, index, width);
        byte[] bytes = Read(path, TilePath.OfHashes(level, index, TilePath.FullWidth), width);
        int expected = width * MerkleTree.HashBytes;
        return bytes.Length >= expected
            ? bytes[..expected]
            : throw new LogException($"log tile '{path}': has {bytes.Length} bytes, expected {expected}");
    }

    public IReadOnlyList<byte[]> ReadEntries(long index, int width)
    {
        string path = TilePath.OfEntries(index, width);
        byte[] bytes = Read(path, TilePath.OfEntries(index, TilePath.FullWidth), width);
        return EntryBundle.Parse(bytes, width)
            ?? throw new LogException($"log bundle '{path}': does not hold {width} whole entries");
    }

    /// <summary>One entry of a bundle, the others not kept: a hundred kilobytes of them for each that is asked for would be work for the collector.</summary>
    /// <exception cref="LogException">The bundle is missing, or has no such entry.</exception>
    public byte[] ReadEntry(long index, int place)
    {
        string path = TilePath.OfEntries(index, TilePath.FullWidth);
        return Read(path, () => FindEntry(path, place) ?? FindWider(path, place, wider => FindEntry(wider, place)));
    }

    public void WriteHashes(int level, long index, ReadOnlySpan<byte> hashes) =>
        Write(TilePath.OfHashes(level, index, hashes.Length / MerkleTree.HashBytes), hashes);

    public void WriteEntries(long index, int width, ReadOnlySpan<byte> bundle) =>
        Write(TilePath.OfEntries(index, width), bundle);

    /// <summary>Removes what a tree of this size has no use for: narrower partial tiles, and what a writer that died left beyond the end.</summary>
    public void RemoveSuperseded(string fullTile, int width)
    {
        string full = Absolute(fullTile);
        if (width < TilePath.FullWidth)
        {
            DeleteIfThere(full);
        }

        string partials = TilePath.PartialsOf(full);
        if (!Directory.Exists(partials))
        {
            return;
        }

        foreach (string partial in Directory.EnumerateFiles(partials))
        {
            if (Path.GetFileName(partial) != width.ToString(CultureInfo.InvariantCulture))
            {
                DeleteIfThere(partial);
            }
        }

        if (width is 0 or TilePath.FullWidth)
        {
            Directory.Delete(partials);
        }
    }

    /// <summary>A partial tile or bundle, as it was when the log had that size: the beginning of a wider one where it was removed.</summary>
    /// <param name="path">As in C2SP tlog-tiles: <c>tile/L/N.p/W</c>.</param>
    /// <returns>Null when the path is none of a partial tile, or the log has not so much.</returns>
    public byte[]? FindPartial(string path)
    {
        int mark = path.LastIndexOf(TilePath.PartialsOf("") + "/", StringComparison.Ordinal);
        if (mark < 0 || !int.TryParse(path.AsSpan(mark + 3), NumberStyles.None, null, out int width) || width is 0 or >= TilePath.FullWidth)
        {
            return null;
        }

        string full = path[..mark];
        byte[]? bytes = FindFile(path) ?? FindWider(full, width, wider => FindFile(wider)) ?? FindFile(full);
        int? length = path.StartsWith("tile/entries/", StringComparison.Ordinal) ? EntryBundle.LengthOf(bytes, width) : width * MerkleTree.HashBytes;
        return length <= bytes?.Length ? bytes[..length.Value] : null;
    }

    public bool Exists(string fullTile) =>
        File.Exists(Absolute(fullTile)) || Directory.Exists(TilePath.PartialsOf(Absolute(fullTile)));

    private byte[] Read(string path, string fullTile, int width) =>
        Read(path, () => FindFile(path) ?? FindFile(fullTile) ?? FindWider(fullTile, width, wider => FindFile(wider)));

    private static byte[] Read(string path, Func<byte[]?> find)
    {
        for (int attempt = 0; attempt < ReadAttempts; attempt++)
        {
            if (find() is { } bytes)
            {
                return bytes;
            }
        }

        throw new LogException($"log tile '{path}': missing");
    }

    private byte[]? FindWider(string fullTile, int width, Func<string, byte[]?> find)
    {
        string partials = TilePath.PartialsOf(Absolute(fullTile));
        if (!Directory.Exists(partials))
        {
            return null;
        }

        foreach (string partial in Directory.EnumerateFiles(partials))
        {
            if (int.TryParse(Path.GetFileName(partial), NumberStyles.None, null, out int wider) && wider > width && find(partial) is { } bytes)
            {
                return bytes;
            }
        }

        return null;
    }

    private byte[]? FindEntry(string path, int place)
    {
        byte[] buffer = [];
        try
        {
            using var file = new FileStream(Absolute(path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            Check(path, file.Length, EntryBundle.MaxBytes);
            buffer = ArrayPool<byte>.Shared.Rent((int)file.Length);
            int read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return EntryBundle.Find(buffer.AsSpan(0, read), place)
                ?? throw new LogException($"log bundle '{path}': does not hold {place + 1} whole entries");
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[]? FindFile(string path, int maxBytes = EntryBundle.MaxBytes)
    {
        try
        {
            if (new FileInfo(Absolute(path)) is { Exists: true } file)
            {
                Check(path, file.Length, maxBytes);
            }

            return File.ReadAllBytes(Absolute(path));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Check(string path, long length, int maxBytes)
    {
        if (length > maxBytes)
        {
            throw new LogException($"log file '{path}': has {length} bytes, at most {maxBytes} expected");
        }
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string absolute = Absolute(path);
        string parent = Path.GetDirectoryName(absolute)!;
        CreateDurably(parent);
        AtomicFile.Write(absolute, bytes, sync);
    }

    /// <summary>A folder's name must be as durable as the files in it: fsync of every parent that got a new entry.</summary>
    private void CreateDurably(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        string parent = Path.GetDirectoryName(path)!;
        CreateDurably(parent);
        Directory.CreateDirectory(path);
        sync(parent);
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already: that is what was asked.
        }
    }

    private string Absolute(string path) => Path.Combine(folder, path);
}
