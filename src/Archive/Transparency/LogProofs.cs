using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>A proof of inclusion for each record, kept as <c>proofs/HEX.tlog-proof</c>, so that it needs neither log nor program to be checked.</summary>
/// <remarks>
/// Kept when the record is sequenced, and again when the first witness has cosigned a checkpoint that holds it. All of them can be made again
/// from the log, and are not made durable.
/// </remarks>
public sealed class LogProofs(StoreLayout layout, FolderSync sync)
{
    private const long MaxFileBytes = SignedNote.MaxBytes + (1 << 12);

    private readonly TransparencyLog _log = new(layout, sync);
    private readonly CosignedCheckpoints _cosigned = new(layout, sync);

    /// <returns>The proof that is kept; null when there is none.</returns>
    /// <exception cref="LogException">The file is no proof.</exception>
    public TlogProof? Find(Digest record)
    {
        var file = new FileInfo(layout.ProofPath(record));
        return !file.Exists ? null
            : file.Length <= MaxFileBytes ? TlogProof.Parse(File.ReadAllBytes(file.FullName))
            : throw new LogException($"proof of the log: has {file.Length} bytes, at most {MaxFileBytes} expected");
    }

    /// <summary>A proof made now, under the checkpoint that witnesses cosigned first after the entry came, else under the newest.</summary>
    /// <param name="index">Of the entry, from 0.</param>
    /// <param name="newest">Under the newest in any case.</param>
    /// <exception cref="LogException">The log has no such entry, or a tile is missing.</exception>
    public TlogProof Make(long index, bool newest = false)
    {
        var checkpoint = (newest ? null : _cosigned.FindFirstWith(index)) ?? _log.FindCheckpoint();
        return checkpoint is not null && index < checkpoint.Tree.Size
            ? new TlogProof(index, _log.InclusionProof(index, checkpoint.Tree.Size), checkpoint)
            : throw new LogException($"the log has no entry {index}");
    }

    /// <summary>Keeps proofs of entries that follow each other, all under one checkpoint.</summary>
    /// <param name="records">In the order of the log.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="checkpoint">What they are proved under.</param>
    public void Keep(IEnumerable<Digest> records, long first, SignedCheckpoint checkpoint)
    {
        Directory.CreateDirectory(layout.Proofs);
        var hashes = _log.HashesAt(checkpoint.Tree.Size);
        foreach (var record in records)
        {
            var proof = new TlogProof(first, MerkleTree.InclusionProof(hashes, first, checkpoint.Tree.Size), checkpoint);
            AtomicFile.WriteLoosely(layout.ProofPath(record), proof.ToBytes());
            first++;
        }
    }

    /// <summary>Makes the proofs of a part of the log again, under a checkpoint that holds all of it.</summary>
    public void Refresh(long from, long to, SignedCheckpoint checkpoint) =>
        Keep(_log.Entries(from, to).Select(entry => LogLeaf.Parse(entry).Record.Digest), from, checkpoint);

    /// <summary>Makes all of them again.</summary>
    public void RefreshAll()
    {
        if (_log.FindCheckpoint() is not { IsSigned: true } newest)
        {
            return;
        }

        long from = 0;
        foreach (long size in _cosigned.Sizes.Where(size => size <= newest.Tree.Size))
        {
            Refresh(from, size, _cosigned.Find(size)!);
            from = size;
        }

        Refresh(from, newest.Tree.Size, newest);
    }
}
