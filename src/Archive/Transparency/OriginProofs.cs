using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>What the logs of other archives prove of records that came from there: <c>origins/RECORD/PROOF.tlog-proof</c>, by both digests.</summary>
/// <remarks>
/// Unlike <see cref="LogProofs"/> nothing here can be made again, so that it is durable before the record is acknowledged, and nothing removes it.
/// Specified in schema/FORMAT.d/log.md.
/// </remarks>
public sealed class OriginProofs(StoreLayout layout, FolderSync sync)
{
    /// <summary>A record passes through few archives. Whoever sends more than these sends nothing that anybody asks for.</summary>
    public const int MaxPerRecord = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every record of which there are any.</summary>
    public IEnumerable<string> Folders => !Directory.Exists(layout.Origins)
        ? []
        : Directory.EnumerateDirectories(layout.Origins).Where(folder => folder != layout.OriginSeals).Order(StringComparer.Ordinal);

    /// <returns>In order of name; most often none.</returns>
    /// <exception cref="LogException">A file is no proof, or not what its name says.</exception>
    public IReadOnlyList<OriginProof> Of(Digest record) => [.. Names(record).Take(MaxPerRecord).Select(name => Read(record, name))];

    /// <summary>Their names; nothing is read.</summary>
    public IReadOnlyList<Digest> Names(Digest record)
    {
        string folder = layout.OriginFolder(record);
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder)
            .Select(StoreLayout.FindOrigin).OfType<Digest>().OrderBy(name => name.Hex, StringComparer.Ordinal)];
    }

    /// <exception cref="LogException">The file is no proof, or not what its name says.</exception>
    public OriginProof Read(Digest record, Digest name)
    {
        try
        {
            var file = new FileInfo(layout.OriginPath(record, name));
            var proof = file.Length <= OriginProof.MaxBytes
                ? OriginProof.Parse(File.ReadAllBytes(file.FullName))
                : throw new LogException($"has {file.Length} bytes, at most {OriginProof.MaxBytes} expected");
            return proof.Name == name ? proof : throw new LogException($"content has digest '{proof.Name}'");
        }
        catch (Exception e) when (e is LogException or IOException or UnauthorizedAccessException)
        {
            throw new LogException($"'origins/{record.Abbreviated}…/{name.Abbreviated}….tlog-proof': {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>Keeps a proof that holds. Where there is no room, one by a log whose key is known here takes the place of one that says less.</summary>
    /// <param name="leaf">What it is of: the record with the signature that the archive has.</param>
    /// <param name="proof">As it came.</param>
    /// <param name="known">The keys that are known here.</param>
    /// <exception cref="LogException">It does not hold; nothing was kept.</exception>
    /// <exception cref="ArchiveException">Others kept proofs all the time.</exception>
    public OriginOutcome Keep(LogLeaf leaf, OriginProof proof, KnownKeys known)
    {
        byte[] entry = leaf.ToBytes();
        var signatures = proof.Proof.Verify(entry, known);
        var record = leaf.Record.Digest;

        // Of two that count at the same time, each would find room for one more.
        CreateFolder(layout.Origins, layout.Root);
        using var held = ArchiveLock.Take(layout, layout.OriginsLock, Patience);
        var there = Names(record);
        if (there.Contains(proof.Name) && Holds(record, proof.Name, entry, known) is not null)
        {
            return OriginOutcome.AlreadyPresent;
        }

        Digest? least = null;
        if (there.Count >= MaxPerRecord && !there.Contains(proof.Name))
        {
            least = signatures.Log is null ? null : there.FirstOrDefault(name => Holds(record, name, entry, known)?.Log is null);
            if (least is null)
            {
                return OriginOutcome.NoRoom;
            }
        }

        Write(record, proof);
        if (least is not null)
        {
            File.Delete(layout.OriginPath(record, least));
        }

        return OriginOutcome.Kept;
    }

    /// <returns>Null where it does not.</returns>
    private CheckpointSignatures? Holds(Digest record, Digest name, byte[] entry, KnownKeys known)
    {
        try
        {
            return Read(record, name).Proof.Verify(entry, known);
        }
        catch (LogException)
        {
            return null;
        }
    }

    private void Write(Digest record, OriginProof proof)
    {
        CreateFolder(layout.OriginFolder(record), layout.Origins);
        AtomicFile.Write(layout.OriginPath(record, proof.Name), proof.Bytes.Span, sync);
    }

    private void CreateFolder(string folder, string parent)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            sync(parent);
        }
    }
}
