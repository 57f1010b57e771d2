using System.Globalization;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Makes files of the log again that are missing or damaged. The caller holds the archive's lock.</summary>
/// <remarks>
/// 1 the newest checkpoint that the log's key has signed, wherever it is found, says what the log must be · 2 the hashes of all entries are
/// found that come to its root, and to that of every other checkpoint the key has signed · 3 entries are looked for that have those hashes ·
/// 4 bundles, tiles and checkpoint are written, in this order, where they are not so. Nothing is signed, and before step 4 nothing is changed.
/// </remarks>
internal sealed class LogRepair(BlobStore blobs, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private readonly StoreLayout _layout = blobs.Layout;
    private readonly TileFiles _files = new(blobs.Layout.Log, sync);
    private readonly List<Repair> _repairs = [];
    private readonly CatalogEntries _catalog = new(blobs);
    private Dictionary<string, byte[]>? _pool;

    public IReadOnlyList<Repair> Run()
    {
        // :: Step 1
        var known = new KnownCheckpoints(_layout, sync, sources);
        if (known.Newest is not { } target)
        {
            return [];
        }

        // :: Step 2
        var others = sources.Archives.Select(archive => new TileFiles(archive.Log, sync)).ToList();
        var hashes = new LeafHashChoice(_files, others, _catalog, target.Tree).Find();
        if (hashes is null || !known.All.All(one => one.Tree.HasRoot(MerkleTree.Root(hashes, 0, one.Tree.Size))))
        {
            return [];
        }

        // :: Step 3
        var bundles = Bundles(hashes, target.Tree.Size).ToList();
        bool isWhole = bundles.TrueForAll(bundle => bundle is not null);
        if (isWhole || target == known.Current || known.Current is null)
        {
            // :: Step 4
            Write(bundles, hashes, target);
            if (known.IsSeenDamaged && target.IsSigned)
            {
                WriteSeen(target);
            }
        }

        return _repairs;
    }

    /// <returns>The entries of each bundle; null where one of them is nowhere.</returns>
    private IEnumerable<IReadOnlyList<byte[]>?> Bundles(LeafHashes hashes, long size)
    {
        foreach (var (index, tile) in hashes.TilesAt(0, size).Index())
        {
            var there = LeafHashChoice.TryEntries(_files, index, tile.Length / MerkleTree.HashBytes);
            yield return LeafHashChoice.HashesOf(there) is { } actual && actual.AsSpan().SequenceEqual(tile) ? there : Find(index, tile, there);
        }
    }

    private byte[][]? Find(long index, byte[] tile, IReadOnlyList<byte[]>? there)
    {
        var pool = _pool ??= Pool();
        int width = tile.Length / MerkleTree.HashBytes;
        foreach (byte[]? entry in (there ?? []).Concat(_catalog.Read(index * TilePath.FullWidth, width)))
        {
            if (entry is not null)
            {
                pool.TryAdd(Key(MerkleTree.HashLeaf(entry)), entry);
            }
        }

        byte[][] found = [.. tile.Chunk(MerkleTree.HashBytes).Select(hash => pool.GetValueOrDefault(Key(hash))).OfType<byte[]>()];
        return found.Length == width ? found : null;
    }

    /// <summary>What sources say that logs hold, and what waits here, by hash.</summary>
    private Dictionary<string, byte[]> Pool()
    {
        var pool = new Dictionary<string, byte[]>();
        foreach (var leaf in sources.Leaves().Concat(Waiting()))
        {
            byte[] entry = leaf.ToBytes();
            pool.TryAdd(Key(MerkleTree.HashLeaf(entry)), entry);
        }

        return pool;
    }

    private IEnumerable<LogLeaf> Waiting()
    {
        var incoming = new IncomingRecords(_layout, sync);
        foreach (var record in incoming.List())
        {
            LogLeaf? leaf = null;
            try
            {
                leaf = incoming.Find(record);
            }
            catch (ArchiveException)
            {
                // It is no entry; fsck tells of it.
            }

            if (leaf is not null)
            {
                yield return leaf;
            }
        }
    }

    private void Write(List<IReadOnlyList<byte[]>?> bundles, LeafHashes hashes, SignedCheckpoint target)
    {
        foreach (var (index, tile) in hashes.TilesAt(0, target.Tree.Size).Index())
        {
            WriteBundle(index, tile, bundles[index]);
        }

        for (int level = 0; TileHashes.CountAt(level, target.Tree.Size) > 0; level++)
        {
            foreach (var (index, tile) in hashes.TilesAt(level, target.Tree.Size).Index())
            {
                WriteTile(level, index, tile);
            }
        }

        WriteCheckpoint(target);
    }

    private void WriteBundle(long index, byte[] tile, IReadOnlyList<byte[]>? entries)
    {
        int width = tile.Length / MerkleTree.HashBytes;
        var there = LeafHashChoice.TryEntries(_files, index, width);
        if (entries is null || (LeafHashChoice.HashesOf(there) is { } actual && actual.AsSpan().SequenceEqual(tile)))
        {
            return;
        }

        using var bundle = new MemoryStream();
        foreach (byte[] entry in entries)
        {
            EntryBundle.Append(bundle, entry);
        }

        Replace(TilePath.OfEntries(index, width), "made again from records, each proved by its hash under the signed root", () =>
            _files.WriteEntries(index, width, bundle.ToArray()));
    }

    private void WriteTile(int level, long index, byte[] tile)
    {
        int width = tile.Length / MerkleTree.HashBytes;
        if (LeafHashChoice.TryTile(_files, level, index, width) is not { } there || !there.AsSpan().SequenceEqual(tile))
        {
            string from = level == 0 ? "entries" : "tiles below";
            Replace(TilePath.OfHashes(level, index, width), $"computed again from the {from}, as the signed root has it", () =>
                _files.WriteHashes(level, index, tile));
        }
    }

    private void WriteCheckpoint(SignedCheckpoint target)
    {
        byte[] bytes = target.ToBytes();
        string count = target.Tree.Size.ToString(CultureInfo.InvariantCulture);
        if (!File.Exists(_layout.Checkpoint) || !File.ReadAllBytes(_layout.Checkpoint).AsSpan().SequenceEqual(bytes))
        {
            Replace("checkpoint", $"put back as the log's key signed it, of {count} entries, which the tiles come to", () =>
                AtomicFile.Write(_layout.Checkpoint, bytes, sync));
        }
    }

    private void WriteSeen(SignedCheckpoint target)
    {
        var keys = new LogKeyStore(_layout, sync);
        string? aside = quarantine.Keep(keys.SeenFile);
        keys.KeepSeen(target);
        _repairs.Add(Repair.Replacing(
            "keys/log/seen", $"made again from the checkpoint of {target.Tree.Size} entries, the newest that is known", aside));
    }

    private void Replace(string name, string how, Action write)
    {
        string? aside = quarantine.Keep(Path.Combine(_layout.Log, name));
        write();
        _repairs.Add(Repair.Replacing($"log/{name}", how, aside));
    }

    private static string Key(ReadOnlySpan<byte> hash) => Convert.ToHexString(hash);
}
