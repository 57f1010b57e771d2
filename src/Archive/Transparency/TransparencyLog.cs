using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Transparency;

/// <summary>The append-only log of all records, in the files of C2SP tlog-tiles. What stands beyond its checkpoint is not there.</summary>
/// <remarks>
/// Appending is: entry bundles, hash tiles, then the signed checkpoint, each durable before the next. Nothing is signed that does not
/// continue what was signed last. Readers take no lock. Specified in schema/FORMAT.d/log.md.
/// </remarks>
public sealed partial class TransparencyLog(StoreLayout layout, FolderSync sync)
{
    private readonly TileFiles _files = new(layout.Log, sync);
    private readonly LogKeyStore _keys = new(layout, sync);

    /// <returns>Null when the log has never had an entry.</returns>
    /// <exception cref="LogException">The checkpoint is not in its form.</exception>
    public SignedCheckpoint? FindCheckpoint()
    {
        try
        {
            return SignedCheckpoint.Parse(File.ReadAllBytes(layout.Checkpoint));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Entries the checkpoint commits to.</summary>
    public long Size => FindCheckpoint()?.Tree.Size ?? 0;

    /// <summary>The entries from one place up to, not including, another; read bundle by bundle. Their hashes are not checked.</summary>
    /// <exception cref="LogException">A bundle is missing or broken.</exception>
    public IEnumerable<byte[]> Entries(long from, long to)
    {
        for (long index = from / TilePath.FullWidth; index * TilePath.FullWidth < to; index++)
        {
            long first = index * TilePath.FullWidth;
            var entries = _files.ReadEntries(index, (int)Math.Min(TilePath.FullWidth, to - first));
            foreach (byte[] entry in entries.Skip((int)Math.Max(0, from - first)))
            {
                yield return entry;
            }
        }
    }

    /// <summary>One entry. Its hash is not checked.</summary>
    /// <exception cref="LogException">Its bundle is missing or broken.</exception>
    public byte[] Entry(long index) => _files.ReadEntry(index / TilePath.FullWidth, (int)(index % TilePath.FullWidth));

    /// <summary>A partial tile or bundle by its path below the log's folder, also one that a wider one has replaced.</summary>
    /// <returns>Null when the path is none of a partial tile, or the log has not so much.</returns>
    /// <exception cref="LogException">What is there is too long.</exception>
    public byte[]? FindPartial(string path) => _files.FindPartial(path);

    /// <summary>The root hash the log had when it had that many entries, computed from the tiles.</summary>
    public byte[] RootAt(long size) => MerkleTree.Root(HashesAt(size), 0, size);

    /// <summary>Shows that the entry stands in the log of the given size.</summary>
    public IReadOnlyList<byte[]> InclusionProof(long index, long size) =>
        MerkleTree.InclusionProof(HashesAt(size), index, size);

    /// <summary>Shows that the log of the old size is the beginning of the log of the new one.</summary>
    public IReadOnlyList<byte[]> ConsistencyProof(long oldSize, long newSize) =>
        MerkleTree.ConsistencyProof(HashesAt(newSize), oldSize, newSize);

    /// <summary>Adds entries at the end, all or none of them. The caller holds the archive's lock.</summary>
    /// <param name="entries">Each at most 65535 bytes.</param>
    /// <returns>The checkpoint that commits to them.</returns>
    /// <exception cref="LogException">The log was rolled back or rewritten since its key signed last; nothing is signed.</exception>
    /// <exception cref="TrustException">The log's key cannot be used.</exception>
    public SignedCheckpoint Append(IReadOnlyList<byte[]> entries)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count);
        var before = FindCheckpoint();
        string origin = before?.Checkpoint.Origin ?? OriginOf(entries[0]);
        var key = _keys.FindOrCreate(origin, before is { IsSigned: true });
        var last = LastSigned(before, key) ?? before;
        long oldSize = before?.Tree.Size ?? 0;
        long newSize = oldSize + entries.Count;
        WriteBundles(entries, oldSize);
        WriteTiles(entries, oldSize);

        var hashes = HashesAt(newSize);
        var tree = new TreeHead(newSize, MerkleTree.Root(hashes, 0, newSize));
        CheckContinues(last, tree, hashes);
        var signed = SignedCheckpoint.Sign(new Checkpoint(origin, tree), key);
        _keys.Publish(key.Verifier);
        AtomicFile.Write(layout.Checkpoint, signed.ToBytes(), sync);
        _keys.KeepSeen(signed);
        RemoveSuperseded(oldSize, newSize);
        return signed;
    }

    /// <summary>Puts another form of the checkpoint in its place: with more signatures. The caller holds the archive's lock.</summary>
    internal void ReplaceCheckpoint(SignedCheckpoint cosigned) => AtomicFile.Write(layout.Checkpoint, cosigned.ToBytes(), sync);

    /// <returns>The hashes of one tile as it is in a log of this size.</returns>
    /// <exception cref="LogException">It is missing or too short.</exception>
    internal byte[] ReadTile(int level, long index, long size) =>
        _files.ReadHashes(level, index, TileHashes.WidthOf(level, index, size));

    internal TileHashes HashesAt(long size, int maxTiles = TileHashes.Most) => new(_files, size, maxTiles);

    /// <summary>Nothing is named by a clock or a random number: a log is known by its first entry, which holds the digest of a signature.</summary>
    private static string OriginOf(byte[] firstEntry) =>
        $"prov-archive/{Convert.ToHexStringLower(MerkleTree.HashLeaf(firstEntry))}";

    /// <summary>What the key signed last, when the log as it stands does not contradict that already.</summary>
    private SignedCheckpoint? LastSigned(SignedCheckpoint? now, NoteKey key)
    {
        bool isSigned = now?.Verify(KnownKeys.Of([key.Verifier])).Log is not null;
        if (_keys.FindSeen() is not { } last)
        {
            return null;
        }

        long size = now?.Tree.Size ?? 0;
        if (last.Checkpoint.Origin != key.Verifier.Name)
        {
            throw new LogException($"log: its key last signed for '{last.Checkpoint.Origin}'");
        }

        if (last.Tree.Size > size)
        {
            throw new LogException($"log: was rolled back: it has {size} entries, {last.Tree.Size} were signed");
        }

        if (last.Tree.Size == size && last.Tree != now!.Tree)
        {
            throw new LogException($"log: was rewritten: another root was signed for {size} entries");
        }

        // A writer that died before it remembered has signed; whoever else put entries there has not.
        return last.Tree.Size == size || isSigned
            ? last
            : throw new LogException($"log: its key has not signed the checkpoint of {size} entries");
    }

    /// <summary>C2SP tlog-checkpoint.md: "A log MUST not sign any checkpoint which is inconsistent with any checkpoint it previously signed."</summary>
    private static void CheckContinues(SignedCheckpoint? last, TreeHead tree, TileHashes hashes)
    {
        if (last is { Tree.Size: > 0 }
            && !MerkleTree.VerifyConsistency(last.Tree, tree, MerkleTree.ConsistencyProof(hashes, last.Tree.Size, tree.Size)))
        {
            throw new LogException($"log: was rewritten: its tiles do not continue the checkpoint of {last.Tree.Size} entries");
        }
    }

    private void WriteBundles(IReadOnlyList<byte[]> entries, long oldSize)
    {
        using var bundle = new MemoryStream();
        int width = (int)(oldSize % TilePath.FullWidth);
        if (width > 0)
        {
            foreach (byte[] entry in _files.ReadEntries(oldSize / TilePath.FullWidth, width))
            {
                EntryBundle.Append(bundle, entry);
            }
        }

        for (int i = 0; i < entries.Count; i++)
        {
            EntryBundle.Append(bundle, entries[i]);
            width++;
            if (width == TilePath.FullWidth || i == entries.Count - 1)
            {
                _files.WriteEntries((oldSize + i) / TilePath.FullWidth, width, bundle.ToArray());
                bundle.SetLength(0);
                width = 0;
            }
        }
    }

    private void WriteTiles(IReadOnlyList<byte[]> entries, long oldSize)
    {
        var hashes = entries.Select(entry => MerkleTree.HashLeaf(entry)).ToList();
        long count = oldSize;
        for (int level = 0; hashes.Count > 0; level++)
        {
            hashes = WriteLevel(level, count, hashes);
            count /= TilePath.FullWidth;
        }
    }

    /// <returns>The hashes of the tiles that have become full: what the next level gets.</returns>
    private List<byte[]> WriteLevel(int level, long count, List<byte[]> hashes)
    {
        var above = new List<byte[]>();
        using var tile = new MemoryStream(TilePath.FullWidth * MerkleTree.HashBytes);
        int width = (int)(count % TilePath.FullWidth);
        if (width > 0)
        {
            tile.Write(_files.ReadHashes(level, count / TilePath.FullWidth, width));
        }

        for (int i = 0; i < hashes.Count; i++)
        {
            tile.Write(hashes[i]);
            width++;
            if (width == TilePath.FullWidth)
            {
                above.Add(TileHashes.RootOf(tile.ToArray()));
            }

            if (width == TilePath.FullWidth || i == hashes.Count - 1)
            {
                _files.WriteHashes(level, (count + i) / TilePath.FullWidth, tile.ToArray());
                tile.SetLength(0);
                width = 0;
            }
        }

        return above;
    }

    private void RemoveSuperseded(long oldSize, long newSize)
    {
        RemoveSuperseded(index => TilePath.OfEntries(index, TilePath.FullWidth), oldSize, newSize);
        for (int level = 0; TileHashes.CountAt(level, newSize) > 0; level++)
        {
            RemoveSuperseded(
                index => TilePath.OfHashes(level, index, TilePath.FullWidth),
                TileHashes.CountAt(level, oldSize),
                TileHashes.CountAt(level, newSize));
        }
    }

    private void RemoveSuperseded(Func<long, string> fullTile, long oldCount, long newCount)
    {
        long end = newCount / TilePath.FullWidth;
        for (long index = oldCount / TilePath.FullWidth; index <= end || _files.Exists(fullTile(index)); index++)
        {
            long width = Math.Clamp(newCount - (index * TilePath.FullWidth), 0, TilePath.FullWidth);
            _files.RemoveSuperseded(fullTile(index), (int)width);
        }
    }
}
