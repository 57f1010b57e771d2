namespace Provenance.Archive.Transparency;

/// <summary>Follows a log: whether it continues what was last seen of it, and whether its entries, tiles and checkpoint agree.</summary>
/// <remarks>
/// 1 the checkpoint is the log's, and signed by its key, or by one that this has named as its successor ·
/// 2 it is not behind the one last seen, and of the same size has the same root ·
/// 3 the tiles of the part that is new are those of its entries, and each level that of the one below · 4 they come to the checkpoint's root ·
/// 5 a consistency proof from the checkpoint last seen holds. Every tile that 5 needs has been tied to the signed root by 3 and 4, so that a
/// proof which fails then is the log's doing and no damaged file.
/// </remarks>
public sealed class LogAuditor(ILogFiles files, VerifierKey log, KnownKeys known)
{
    /// <summary>Times it begins again because the log has grown under it.</summary>
    private const int Attempts = 3;

    private readonly List<LogRotation> _rotations = [];

    /// <summary>By which the log is known: the key that was given, or the last that followed it.</summary>
    private VerifierKey Key => _rotations.Count > 0 ? _rotations[^1].New : log;

    /// <param name="seen">What was found last time, when the log was consistent; null the first time.</param>
    /// <param name="all">Whether old entries are read again as well.</param>
    /// <param name="progress">Entries that are checked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LogUnreachableException">The log could not be asked.</exception>
    public AuditReport Audit(SignedCheckpoint? seen, bool all, IProgress<long>? progress, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            byte[]? checkpoint;
            try
            {
                checkpoint = files.FindCheckpoint();
            }
            catch (LogException e)
            {
                return new AuditReport { Outcome = AuditOutcome.Malformed, Message = e.Message, Seen = seen };
            }

            var report = Judge(checkpoint, seen, all, progress, cancellation);
            bool hasGrown = report.Outcome == AuditOutcome.Damaged && attempt < Attempts
                && !files.FindCheckpoint().AsSpan().SequenceEqual(checkpoint);
            if (!hasGrown)
            {
                return report with { Seen = seen };
            }
        }
    }

    private AuditReport Judge(byte[]? checkpoint, SignedCheckpoint? seen, bool all, IProgress<long>? progress, CancellationToken cancellation)
    {
        // :: Step 1
        _rotations.Clear();
        if (Open(checkpoint, seen, out var found, out var signatures) is { } refused)
        {
            return refused;
        }

        // :: Step 2
        var tree = found.Tree;
        var successor = _rotations.Count > 0 ? Key : null;
        var report = new AuditReport { Outcome = AuditOutcome.Consistent, Message = "", Found = found, Signatures = signatures, Successor = successor };
        if (seen is not null && (tree.Size < seen.Tree.Size || (tree.Size == seen.Tree.Size && tree != seen.Tree)))
        {
            return tree.Size < seen.Tree.Size
                ? report with { Outcome = AuditOutcome.RolledBack, Message = $"has {tree.Size} entries, {seen.Tree.Size} were seen" }
                : report with { Outcome = AuditOutcome.Forked, Message = $"two roots are signed for {tree.Size} entries" };
        }

        // :: Steps 3, 4 and 5
        long from = all ? 0 : seen?.Tree.Size ?? 0;
        try
        {
            return FindProblem(tree, seen?.Tree, from, progress, cancellation) is { } problem
                ? report with { Outcome = problem.Outcome, Message = problem.Message }
                : report with { Message = Describe(tree, seen?.Tree), Checked = tree.Size - WholeTiles(from, tree) };
        }
        catch (LogException e)
        {
            return report with { Outcome = AuditOutcome.Damaged, Message = e.Message };
        }
    }

    private AuditReport? Open(byte[]? bytes, SignedCheckpoint? seen, out SignedCheckpoint found, out CheckpointSignatures signatures)
    {
        found = null!;
        signatures = null!;
        if (bytes is null)
        {
            return new AuditReport { Outcome = AuditOutcome.Malformed, Message = "there is none" };
        }

        try
        {
            found = SignedCheckpoint.Parse(bytes);
        }
        catch (LogException e)
        {
            return new AuditReport { Outcome = AuditOutcome.Malformed, Message = e.Message };
        }

        if (found.Checkpoint.Origin != log.Name)
        {
            string message = $"its checkpoint is of log '{found.Checkpoint.Origin}', expected '{log.Name}'";
            return new AuditReport { Outcome = AuditOutcome.WrongOrigin, Message = message, Found = found };
        }

        try
        {
            string? problem = FollowKeys(found, seen);
            signatures = found.Verify(KnownKeys.Of([Key, .. known.Logs, .. known.Witnesses]));
            return problem is null ? null : new AuditReport { Outcome = AuditOutcome.NotSigned, Message = problem, Found = found };
        }
        catch (LogException e)
        {
            return new AuditReport { Outcome = AuditOutcome.NotSigned, Message = e.Message, Found = found };
        }
    }

    /// <summary>Goes from key to key until one has signed the checkpoint.</summary>
    /// <returns>Why none has; null when one has.</returns>
    private string? FollowKeys(SignedCheckpoint found, SignedCheckpoint? seen)
    {
        string unsigned = $"its checkpoint is not signed by '{log.Label}'";
        while (found.Verify(KnownKeys.Of([Key])).Log is null)
        {
            if (_rotations.Count == LogRotation.MaxGenerations || files.FindRotation(Key) is not { } bytes)
            {
                return _rotations.Count == 0 ? unsigned : $"{unsigned}, nor by '{Key.Label}', which follows it";
            }

            var rotation = LogRotation.Parse(bytes);
            long size = rotation.Checkpoint.Tree.Size;
            if (rotation.Old != Key)
            {
                return $"{unsigned}, and the rotation from that is of '{rotation.Old.Label}'";
            }

            // The old key signs nothing after it has named its successor.
            if (size < (seen?.Tree.Size ?? 0) || size > found.Tree.Size)
            {
                return $"{unsigned}, and its successor was named at {size} entries, "
                    + $"of {seen?.Tree.Size ?? 0} that were seen and {found.Tree.Size} that are there";
            }

            _rotations.Add(rotation);
        }

        return null;
    }

    private (AuditOutcome Outcome, string Message)? FindProblem(
        TreeHead tree, TreeHead? seen, long from, IProgress<long>? progress, CancellationToken cancellation)
    {
        // :: Step 3
        var tiles = new TileAudit(files, tree.Size);
        if (from < tree.Size && tiles.FindDamage(from, progress, cancellation) is { } damage)
        {
            return (AuditOutcome.Damaged, damage);
        }

        // :: Step 4
        var hashes = new TileHashes(files, tree.Size);
        if (!tree.HasRoot(MerkleTree.Root(hashes, 0, tree.Size)))
        {
            // An old tile can be what is wrong: then it is worth its name.
            string? older = from > 0 ? tiles.FindDamage(0, progress, cancellation) : null;
            return (AuditOutcome.Damaged, older ?? $"its tiles do not come to the root that is signed for {tree.Size} entries");
        }

        // :: Step 5
        var elsewhere = _rotations.Find(rotation => !Continues(rotation.Checkpoint.Tree, tree, hashes));
        return elsewhere is not null
                ? (AuditOutcome.Rewritten, $"its {tree.Size} entries do not begin with the {elsewhere.Checkpoint.Tree.Size} at which its key was followed")
            : seen is null || Continues(seen, tree, hashes) ? null
            : (AuditOutcome.Rewritten, $"its {tree.Size} entries do not begin with the {seen.Size} that were seen");
    }

    private static bool Continues(TreeHead older, TreeHead tree, TileHashes hashes) =>
        older.Size == 0 || MerkleTree.VerifyConsistency(older, tree, MerkleTree.ConsistencyProof(hashes, older.Size, tree.Size));

    private static string Describe(TreeHead tree, TreeHead? seen) => seen is null
        ? $"{tree.Size} entries, all as the checkpoint says"
        : tree.Size == seen.Size ? $"{tree.Size} entries, none since last seen" : $"{tree.Size} entries, {tree.Size - seen.Size} since last seen";

    private static long WholeTiles(long from, TreeHead tree) => from >= tree.Size ? tree.Size : from / TilePath.FullWidth * TilePath.FullWidth;
}
