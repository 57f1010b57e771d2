using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

/// <summary>Checks who signed the log's checkpoints, that the log continues what was signed last, and the files that are made from it.</summary>
internal sealed class CheckpointFsck(BlobStore blobs, FolderSync sync, TransparencyLog log, SignedCheckpoint? now)
{
    private const string Subject = "log/checkpoint";

    private readonly StoreLayout _layout = blobs.Layout;
    private readonly List<FsckFinding> _findings = [];

    public IReadOnlyList<FsckFinding> Check(CancellationToken cancellation)
    {
        var known = Try("keys/log", () => KnownKeys.Load(_layout)) ?? KnownKeys.None;
        var own = Try("keys/log/vkey", () => LogKeyStore.FindVerifier(_layout));
        CheckSigned(own, known);
        CheckSeen();
        if (own is not null && !IsPublished(own))
        {
            Repairable("log/vkey", "is not the key that signs the log");
        }

        CheckCosigned(known);
        CheckProofs(cancellation);
        return _findings;
    }

    private void CheckSigned(VerifierKey? own, KnownKeys known)
    {
        if (now is { IsSigned: true })
        {
            if (Try(Subject, () => now.Verify(known)) is { Log: null })
            {
                Damage(Subject, "is signed by no key that is known here");
            }
        }
        else if (own is not null && now is not null)
        {
            Damage(Subject, "is not signed, although the log has a key");
        }
        else if (now is not null)
        {
            Note(Subject, "is not signed yet: the next record signs it");
        }
        else if (!File.Exists(_layout.Checkpoint) && Directory.Exists(_layout.Proofs) && Directory.EnumerateFiles(_layout.Proofs).Any())
        {
            // A key may be there before the first checkpoint is; a proof never.
            Damage(Subject, "is missing, although there are proofs of records in the log");
        }
    }

    private void CheckSeen()
    {
        bool isUnreadable = now is null && File.Exists(_layout.Checkpoint);
        if (Try("keys/log/seen", () => new LogKeyStore(_layout, sync).FindSeen()) is not { } last || isUnreadable)
        {
            return;
        }

        if (IsBeyondTheLog(last.Tree.Size))
        {
            Damage(Subject, $"was rolled back: it has {now?.Tree.Size ?? 0} entries, {last.Tree.Size} were signed");
        }
        else if (Try(Subject, () => log.RootAt(last.Tree.Size)) is { } root && !last.Tree.HasRoot(root))
        {
            Damage(Subject, $"was rewritten: another root was signed for {last.Tree.Size} entries");
        }
    }

    /// <summary>
    /// Others may have added to the log since its checkpoint was read. Whatever tells of a checkpoint is written after it, so that a checkpoint that is
    /// read again has as many entries as anything that was read before.
    /// </summary>
    private bool IsBeyondTheLog(long size) =>
        size > (now?.Tree.Size ?? 0) && size > (Try(Subject, log.FindCheckpoint, isFoundElsewhere: true)?.Tree.Size ?? 0);

    private bool IsPublished(VerifierKey own) =>
        File.Exists(_layout.PublishedLogKey) && File.ReadAllText(_layout.PublishedLogKey) == $"{own}\n";

    private void CheckCosigned(KnownKeys known)
    {
        var cosigned = new CosignedCheckpoints(_layout, sync);
        foreach (long size in cosigned.Sizes)
        {
            string subject = $"log/cosigned/{size}";
            if (Try(subject, () => cosigned.Find(size)) is not { } found)
            {
                continue;
            }

            Try(subject, () => found.Verify(known));
            if (IsBeyondTheLog(size))
            {
                Damage(subject, "is of more entries than the log has");
            }
            else if (Try(subject, () => log.RootAt(size)) is { } root && !found.Tree.HasRoot(root))
            {
                Damage(subject, "has another root than the log had at that size");
            }
        }
    }

    /// <summary>A proof that is bad is no damage: all that it says is in the log.</summary>
    private void CheckProofs(CancellationToken cancellation)
    {
        var proofs = new LogProofs(_layout, sync);
        var heads = new Dictionary<TreeHead, bool>();
        var hashes = log.HashesAt(now?.Tree.Size ?? 0);
        long missing = 0;
        foreach (var (index, entry) in Entries())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var record = LogLeaf.Parse(entry).Record.Digest;
                var proof = proofs.Find(record);
                missing += proof is null ? 1 : 0;
                if (proof is not null && !(proof.Index == index && proof.Includes(entry) && IsOfThisLog(proof.Checkpoint, hashes, heads)))
                {
                    Repairable($"proofs/{record.Hex}.tlog-proof", "does not lead from the record's entry to a root of the log");
                }
            }
            catch (ArchiveException e)
            {
                Repairable($"proofs, log entry {index}", e.Message);
            }
        }

        if (missing > 0 && now is { IsSigned: true })
        {
            Note("proofs", $"{missing} of {now.Tree.Size} records have no proof beside the log; 'prov archive reindex' makes them");
        }
    }

    /// <summary>Most proofs are under few checkpoints.</summary>
    private bool IsOfThisLog(SignedCheckpoint checkpoint, TileHashes hashes, Dictionary<TreeHead, bool> heads)
    {
        if (!heads.TryGetValue(checkpoint.Tree, out bool isOurs))
        {
            var tree = checkpoint.Tree;
            isOurs = !IsBeyondTheLog(tree.Size) && tree.HasRoot(tree.Size > now!.Tree.Size ? log.RootAt(tree.Size) : MerkleTree.Root(hashes, 0, tree.Size));
            heads.Add(tree, isOurs);
        }

        return isOurs && checkpoint.IsSigned && checkpoint.Checkpoint.Origin == now!.Checkpoint.Origin;
    }

    private IEnumerable<(long Index, byte[] Entry)> Entries()
    {
        for (long first = 0; first < (now?.Tree.Size ?? 0); first += TilePath.FullWidth)
        {
            long last = Math.Min(now!.Tree.Size, first + TilePath.FullWidth);
            var bundle = Try("log/tile/entries", () => log.Entries(first, last).ToList(), isFoundElsewhere: true) ?? [];
            for (int at = 0; at < bundle.Count; at++)
            {
                yield return (first + at, bundle[at]);
            }
        }
    }

    /// <param name="subject">What the finding is about.</param>
    /// <param name="read">What may fail.</param>
    /// <param name="isFoundElsewhere">Whether <see cref="LogFsck"/> tells of it.</param>
    private T? Try<T>(string subject, Func<T?> read, bool isFoundElsewhere = false)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ArchiveException e)
        {
            if (!isFoundElsewhere)
            {
                Damage(subject, e.Message);
            }

            return null;
        }
    }

    private void Damage(string subject, string message) => _findings.Add(new FsckFinding(FsckSeverity.Damage, subject, message));

    private void Repairable(string subject, string message) => _findings.Add(new FsckFinding(FsckSeverity.Repairable, subject, message));

    private void Note(string subject, string message) => _findings.Add(new FsckFinding(FsckSeverity.Note, subject, message));
}
