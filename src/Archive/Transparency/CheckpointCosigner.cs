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
        using var held = ArchiveLock.Take(layout, Patience);
        var newest = _log.FindCheckpoint() ?? throw new LogException("the log has no checkpoint to cosign");

        // :: Step 1
        bool areLines = given.StartsWith("— "u8);
        var cosigned = areLines
            ? SignedNote.ParseSignatureLines(given).Aggregate(newest, (checkpoint, line) => checkpoint.With(line))
            : SignedCheckpoint.Parse(given);
        var known = KnownKeys.Load(layout);
        var signatures = Check(cosigned, newest, known);

        // :: Step 4
        var kept = new CosignedCheckpoints(layout, sync);
        long before = kept.Sizes.LastOrDefault(size => size < cosigned.Tree.Size);
        bool isFirst = kept.Find(cosigned.Tree.Size) is null;
        var whole = Join(cosigned, signatures, kept.Find(cosigned.Tree.Size), newest);
        kept.Keep(whole);
        if (whole.Tree == newest.Tree)
        {
            _log.ReplaceCheckpoint(whole);
        }

        // :: Step 5
        if (isFirst)
        {
            new LogProofs(layout, sync).Refresh(before, whole.Tree.Size, whole);
        }

        return (whole, whole.Verify(known));
    }

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

    /// <summary>What is known of that size already, and the new cosignatures; those of strangers are left out.</summary>
    private static SignedCheckpoint Join(
        SignedCheckpoint cosigned, CheckpointSignatures signatures, SignedCheckpoint? kept, SignedCheckpoint newest)
    {
        var whole = kept ?? (newest.Tree == cosigned.Tree ? newest : cosigned.Only(signatures.Log!.Matches));
        var known = signatures.Cosignatures.Select(by => by.Witness).ToList();
        return cosigned.Note.Signatures.Where(line => known.Exists(key => key.Matches(line)))
            .Aggregate(whole, (checkpoint, line) => checkpoint.With(line));
    }
}
