using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>Takes in what witnesses have signed of this archive's log.</summary>
/// <remarks>
/// 1 what was given is a checkpoint of this log, signed by its key, or signature lines for the newest · 2 the tiles have that root at that
/// size · 3 known witnesses signed it, and nothing that says it is theirs is bad · 4 it is kept, beside the log and as the newest if it is
/// that · 5 records that no earlier cosigned checkpoint holds get new proofs.
/// </remarks>
public sealed class CheckpointCosigner(StoreLayout layout, FolderSync sync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TransparencyLog _log = new(layout, sync);

    /// <param name="given">A cosigned checkpoint, or the lines that a witness answered with.</param>
    /// <returns>The checkpoint with all cosignatures that are known of it, and who made them.</returns>
    /// <exception cref="LogException">It is not of this log, or nobody who is known has cosigned it.</exception>
    public (SignedCheckpoint Checkpoint, CheckpointSignatures Signatures) Take(ReadOnlySpan<byte> given)
    {
        var known = KnownKeys.Load(layout);
        var kept = new CosignedCheckpoints(layout, sync);
        SignedCheckpoint whole;
        bool isFirst;
        using (ArchiveLock.Take(layout, Patience))
        {
            // :: Steps 1, 2 and 3
            var newest = _log.FindCheckpoint() ?? throw new LogException("the log has no checkpoint to cosign");
            var cosigned = Parse(given, newest);
            var signatures = Check(cosigned, newest, known);

            // :: Step 4
            var older = kept.Find(cosigned.Tree.Size);
            isFirst = older is null;
            whole = Join(cosigned, signatures, older, newest);
            kept.Keep(whole);
            if (whole.Tree == newest.Tree)
            {
                _log.ReplaceCheckpoint(whole);
            }
        }

        // :: Step 5. Nobody waits for the lock meanwhile: what was in the log stays as it was.
        if (isFirst)
        {
            long before = kept.Sizes.LastOrDefault(size => size < whole.Tree.Size);
            new LogProofs(layout, sync).Refresh(before, whole.Tree.Size, whole);
        }

        return (whole, whole.Verify(known));
    }

    private static SignedCheckpoint Parse(ReadOnlySpan<byte> given, SignedCheckpoint newest) =>
        given.StartsWith("— "u8)
            ? SignedNote.ParseSignatureLines(given).Aggregate(newest, (checkpoint, line) => checkpoint.With(line))
            : SignedCheckpoint.Parse(given);

    private CheckpointSignatures Check(SignedCheckpoint cosigned, SignedCheckpoint newest, KnownKeys known)
    {
        var (origin, tree) = cosigned.Checkpoint;
        if (origin != newest.Checkpoint.Origin)
        {
            throw new LogException($"cosigned checkpoint: is of log '{origin}', expected '{newest.Checkpoint.Origin}'");
        }

        // :: Step 2
        if (tree.Size == 0 || tree.Size > newest.Tree.Size || !tree.HasRoot(_log.RootAt(tree.Size)))
        {
            throw new LogException($"cosigned checkpoint: this log never had that root at {tree.Size} entries");
        }

        // :: Step 3
        var signatures = cosigned.Verify(known);
        if (signatures.Log is null)
        {
            throw new LogException("cosigned checkpoint: the log's key has not signed it");
        }

        return signatures.Cosignatures.Count > 0
            ? signatures
            : throw new LogException("cosigned checkpoint: no known witness has signed it");
    }

    /// <summary>What is known of that size already, and new cosignatures; those of strangers are left out, and of one witness the earlier stays.</summary>
    private static SignedCheckpoint Join(
        SignedCheckpoint cosigned, CheckpointSignatures signatures, SignedCheckpoint? kept, SignedCheckpoint newest)
    {
        var whole = kept ?? (newest.Tree == cosigned.Tree ? newest : cosigned.Only(signatures.Log!.Matches));
        var known = signatures.Cosignatures.Select(by => by.Witness).ToList();
        return cosigned.Note.Signatures.Where(line => known.Exists(key => key.Matches(line)) && !IsOlderThere(line))
            .Aggregate(whole, (checkpoint, line) => checkpoint.With(line));

        bool IsOlderThere(NoteSignature line) => whole.Note.Signatures.Any(
            other => other.IsOfSameKey(line) && Cosignature.FindTime(other.Bytes.Span) <= Cosignature.FindTime(line.Bytes.Span));
    }
}
