using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>The folder incoming/: for each record that is acknowledged and not yet sequenced, its future log entry under the record's hex name.</summary>
internal sealed class IncomingRecords(StoreLayout layout, FolderSync sync)
{
    /// <summary>An entry of the log has at most this many bytes (C2SP tlog-tiles).</summary>
    private const int MaxEntryBytes = ushort.MaxValue;

    /// <summary>Makes the entry durable, not yet under its name: what can be done while the record's blobs are made durable.</summary>
    /// <returns>What <see cref="Drop"/> wants.</returns>
    public string Prepare(LogLeaf leaf)
    {
        Directory.CreateDirectory(layout.Incoming);
        sync(layout.Root);
        return AtomicFile.WriteUnnamed(PathOf(leaf.Record.Digest), leaf.ToBytes());
    }

    /// <summary>Acknowledges: when this returns, the record outlives any crash.</summary>
    public void Drop(LogLeaf leaf, string prepared) => AtomicFile.Name(prepared, PathOf(leaf.Record.Digest), sync);

    /// <summary>In order of name, so that two who sequence the same folder make the same log.</summary>
    public IReadOnlyList<Digest> List()
    {
        if (!Directory.Exists(layout.Incoming))
        {
            return [];
        }

        var names = new List<Digest>();
        foreach (string path in Directory.EnumerateFiles(layout.Incoming))
        {
            if (Digest.TryParseHex(Path.GetFileName(path), out var record))
            {
                names.Add(record);
            }
        }

        names.Sort((a, b) => string.CompareOrdinal(a.Hex, b.Hex));
        return names;
    }

    /// <returns>Null when another process has sequenced it meanwhile.</returns>
    /// <exception cref="ArchiveException">The file is no entry, or is of another record than its name says.</exception>
    public LogLeaf? Find(Digest record)
    {
        byte[]? bytes = ReadIfThere(record);
        if (bytes is null)
        {
            return null;
        }

        var leaf = LogLeaf.Parse(bytes);
        return leaf.Record.Digest == record
            ? leaf
            : throw new LogException($"incoming record '{record.Hex}': names the record '{leaf.Record.Sha256}'");
    }

    public void Remove(Digest record) => File.Delete(PathOf(record));

    private byte[]? ReadIfThere(Digest record)
    {
        try
        {
            using var file = new FileStream(PathOf(record), FileMode.Open, FileAccess.Read);
            if (file.Length > MaxEntryBytes)
            {
                throw new LogException($"incoming record '{record.Hex}': has {file.Length} bytes, at most {MaxEntryBytes} expected");
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(Digest record) => Path.Combine(layout.Incoming, record.Hex);
}
