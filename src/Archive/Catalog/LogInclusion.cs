using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Shows that the log holds a record together with its signature, that a known key signed the log's checkpoint, and who cosigned it.</summary>
/// <remarks>
/// 1 the entry is of this record · 2 a proof leads from it to the checkpoint's root · 3 a known key of the log signed the checkpoint ·
/// 4 the same for the first checkpoint with the record that witnesses cosigned.
/// </remarks>
internal sealed class LogInclusion(StoreLayout layout, FolderSync sync)
{
    /// <summary>A server has several of these for as long as the archive does not change.</summary>
    private const int KeptTiles = 160;

    private const int KeptCheckpoints = 64;

    /// <summary>By the whole note: all records of a log are under few checkpoints.</summary>
    private readonly Dictionary<string, CheckpointSignatures> _verified = new(StringComparer.Ordinal);
    private readonly TransparencyLog _log = new(layout, sync);
    private readonly CosignedCheckpoints _cosigned = new(layout, sync);
    private KnownKeys? _known;
    private TileHashes? _hashes;

    private KnownKeys Known => _known ??= KnownKeys.Load(layout);

    public VerificationCheck Check(RecordRow? row, Digest record, Digest signature)
    {
        try
        {
            return row switch
            {
                null => Fact(CheckOutcome.Absent, "the record is not in this archive's log"),
                { LogIndex: null } => Fact(CheckOutcome.Absent, "the record waits in incoming/"),
                { LogIndex: { } index } => Included(Prove(index, record, signature)),
            };
        }
        catch (ArchiveException e)
        {
            return Fact(CheckOutcome.Failed, e.Message);
        }
    }

    /// <summary>Whether that entry of the log is of this record and this signature.</summary>
    public bool Holds(long index, Digest record, Digest signature) => FindEntry(index, record, signature) is not null;

    /// <summary>A proof to go along with the record: the one that is kept, so that bundles of one archive are the same, else one made now.</summary>
    /// <returns>Null where the entry is of another signature, and where no key has signed the log.</returns>
    /// <exception cref="LogException">The log does not hold the entry.</exception>
    public TlogProof? FindProof(long index, Digest record, Digest signature)
    {
        if (FindEntry(index, record, signature) is not { } entry)
        {
            return null;
        }

        var proofs = new LogProofs(layout, sync);
        var proof = proofs.Find(record) is { } kept && kept.Includes(entry) ? kept : proofs.Make(index);
        return proof.Checkpoint.IsSigned ? proof : null;
    }

    /// <exception cref="ArchiveException">Something does not hold; what, is said.</exception>
    public InclusionFacts Prove(long index, Digest record, Digest signature)
    {
        if (_log.FindCheckpoint() is not { } checkpoint || index >= checkpoint.Tree.Size)
        {
            throw new LogException($"the log has no entry {index}");
        }

        // :: Step 1
        byte[] entry = FindEntry(index, record, signature)
            ?? throw new LogException($"entry {index} of the log is of another record or signature");

        // :: Steps 2 and 3
        var signatures = CheckUnder(checkpoint, index, entry);

        // :: Step 4. The newest checkpoint may have lost what witnesses said of an older one.
        var older = _cosigned.FindFirstWith(index) is { } first ? CheckUnder(first, index, entry) : signatures;
        return new InclusionFacts
        {
            Index = index,
            Size = checkpoint.Tree.Size,
            Log = signatures.Log,
            Cosignatures = older.Cosignatures.Count > 0 ? older.Cosignatures : signatures.Cosignatures,
            KnownWitnesses = Known.Witnesses.Count,
        };
    }

    /// <returns>Null when it is of another record or another signature.</returns>
    private byte[]? FindEntry(long index, Digest record, Digest signature)
    {
        byte[] entry = _log.Entry(index);
        var leaf = LogLeaf.Parse(entry);
        return leaf.Record.Digest == record && leaf.Signature.Digest == signature ? entry : null;
    }

    private CheckpointSignatures CheckUnder(SignedCheckpoint checkpoint, long index, byte[] entry)
    {
        long size = checkpoint.Tree.Size;
        var proof = MerkleTree.InclusionProof(HashesAt(size), index, size);
        if (!new TlogProof(index, proof, checkpoint).Includes(entry))
        {
            throw new LogException($"entry {index} of the log is not under the root of its checkpoint of {size} entries");
        }

        var signatures = SignaturesOf(checkpoint);
        bool mayBeUnsigned = !checkpoint.IsSigned && LogKeyStore.FindVerifier(layout) is null;
        return signatures.Log is not null || mayBeUnsigned
            ? signatures
            : throw new LogException(checkpoint.IsSigned
                ? $"no known key has signed the log's checkpoint of {size} entries"
                : $"the log's checkpoint of {size} entries is not signed, although the log has a key");
    }

    private CheckpointSignatures SignaturesOf(SignedCheckpoint checkpoint)
    {
        string note = Encoding.UTF8.GetString(checkpoint.ToBytes());
        if (!_verified.TryGetValue(note, out var signatures))
        {
            signatures = checkpoint.Verify(Known);
            if (_verified.Count == KeptCheckpoints)
            {
                _verified.Clear();
            }

            _verified.Add(note, signatures);
        }

        return signatures;
    }

    /// <summary>Proofs of one tree share its upper hashes.</summary>
    private TileHashes HashesAt(long size)
    {
        if (_hashes?.Size != size)
        {
            _hashes = _log.HashesAt(size, KeptTiles);
        }

        return _hashes;
    }

    private static VerificationCheck Included(InclusionFacts facts) =>
        Fact(CheckOutcome.Ok, Describe(facts)) with { Witnesses = facts.Cosignatures.Count, Logs = facts.Log is { } key ? [key.ToString()] : [] };

    private static string Describe(InclusionFacts facts)
    {
        string place = $"entry {facts.Index} of {facts.Size}, under the root of the checkpoint";
        if (facts.Log is not { } key)
        {
            return $"{place}, which is not signed yet";
        }

        string signed = $"{place} signed by log key {key.Id:x8}";
        return facts.KnownWitnesses == 0
            ? $"{signed}; no witness is known here"
            : $"{signed}; {Cosignature.Tell(facts.Cosignatures, facts.KnownWitnesses)}";
    }

    private static VerificationCheck Fact(CheckOutcome outcome, string detail) =>
        new() { Name = "log", Outcome = outcome, Detail = detail };
}
