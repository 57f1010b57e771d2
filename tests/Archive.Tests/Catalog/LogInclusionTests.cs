using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>What <c>prov verify</c> says of the log, and what becomes of that when the log is tampered with.</summary>
public sealed class LogInclusionTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly SampleArchive _archive = new();
    private readonly NoteKey _witness = NoteKey.Create("witness.example/w1", NoteKeyRole.Witness);
    private readonly Digest _run;

    public LogInclusionTests()
    {
        _archive.Accept(1);
        _run = _archive.Accept(2);
        _archive.Accept(3);
    }

    public void Dispose() => _archive.Dispose();

    private string KeyId => $"{LogKeyStore.FindVerifier(_archive.Layout)!.Id:x8}";

    [Fact]
    public void A_record_is_under_the_checkpoint_that_the_logs_key_signed() => Is(
        CheckOutcome.Ok, $"entry 1 of 3, under the root of the checkpoint signed by log key {KeyId}; no witness is known here");

    [Fact]
    public void Witnesses_that_are_known_are_counted_and_named()
    {
        TrustWitness();
        Is(CheckOutcome.Ok, $"entry 1 of 3, under the root of the checkpoint signed by log key {KeyId}; cosigned by 0 of 1 known witnesses");

        Cosign();
        _archive.Accept(4);

        Is(
            CheckOutcome.Ok,
            $"entry 1 of 4, under the root of the checkpoint signed by log key {KeyId}; "
            + "cosigned by 1 of 1 known witnesses: witness.example/w1 on 2026-11-24 12:00:00Z");
    }

    [Fact]
    public void The_facts_are_there_for_a_policy()
    {
        TrustWitness();
        Cosign();
        using var finder = _archive.Finder();
        var row = finder.Get(_run.Hex);

        var facts = finder.ProveInclusion(row.Record, row.Signature);

        Assert.Equal((1, 3, 1), (facts.Index, facts.Size, facts.KnownWitnesses));
        Assert.Equal(LogKeyStore.FindVerifier(_archive.Layout), facts.Log);
        Assert.Equal(new Cosignature(_witness.Verifier, Noon), Assert.Single(facts.Cosignatures));
    }

    [Fact]
    public void A_log_that_has_no_key_yet_is_told_to_be_unsigned()
    {
        Unsign();
        Directory.Delete(_archive.Layout.LogKeys, recursive: true);

        Is(CheckOutcome.Ok, "entry 1 of 3, under the root of the checkpoint, which is not signed yet");
    }

    [Fact]
    public void A_signature_that_was_taken_away_fails()
    {
        Unsign();

        Is(CheckOutcome.Failed, "the log's checkpoint of 3 entries is not signed, although the log has a key");
    }

    [Fact]
    public void A_checkpoint_signed_by_a_key_that_nobody_knows_fails()
    {
        var now = _archive.Log.FindCheckpoint()!;
        var mallory = NoteKey.Create(now.Checkpoint.Origin, NoteKeyRole.Log);
        Write(SignedCheckpoint.Sign(now.Checkpoint, mallory).ToBytes());

        Is(CheckOutcome.Failed, "no known key has signed the log's checkpoint of 3 entries");
    }

    [Fact]
    public void A_signature_that_does_not_hold_fails()
    {
        var now = _archive.Log.FindCheckpoint()!;
        var signature = now.Note.Signatures[0];
        Write(now.With(signature with { Bytes = new byte[64] }).ToBytes());

        Is(CheckOutcome.Failed, $"checkpoint of the log: the signature of '{now.Checkpoint.Origin}+{KeyId}' does not hold");
    }

    [Fact]
    public void An_entry_that_is_not_under_the_root_fails()
    {
        string tile = Path.Combine(_archive.Layout.Log, "tile/0/000.p/3");
        byte[] bytes = File.ReadAllBytes(tile);
        bytes[0] ^= 1;
        File.WriteAllBytes(tile, bytes);

        Is(CheckOutcome.Failed, "entry 1 of the log is not under the root of its checkpoint of 3 entries");
    }

    [Fact]
    public void A_cosigned_checkpoint_of_another_history_fails()
    {
        TrustWitness();
        Cosign();
        _archive.Accept(4);
        var now = _archive.Log.FindCheckpoint()!;
        var key = NoteKey.Parse(File.ReadAllText(Path.Combine(_archive.Layout.LogKeys, "key.pem")));
        var forged = SignedCheckpoint.Sign(now.Checkpoint with { Tree = new TreeHead(3, new byte[32]) }, key);
        File.WriteAllBytes(Path.Combine(_archive.Layout.Cosigned, "3"), forged.ToBytes());

        Is(CheckOutcome.Failed, "entry 1 of the log is not under the root of its checkpoint of 3 entries");
    }

    [Fact]
    public void Every_record_has_its_proof_beside_the_log()
    {
        var known = KnownKeys.Load(_archive.Layout);
        var proofs = new LogProofs(_archive.Layout, SampleArchive.Sync);
        byte[][] entries = [.. _archive.Log.Entries(0, 3)];

        for (int index = 0; index < entries.Length; index++)
        {
            var proof = proofs.Find(LogLeaf.Parse(entries[index]).Record.Digest)!;
            Assert.Equal((index, index + 1), (proof.Index, proof.Checkpoint.Tree.Size));
            Assert.True(proof.Includes(entries[index]));
            Assert.NotNull(proof.Checkpoint.Verify(known).Log);
        }
    }

    [Fact]
    public void Records_sequenced_together_are_proved_under_one_checkpoint()
    {
        var intake = _archive.Intake();
        var records = new List<Digest>();
        for (int number = 10; number < 20; number++)
        {
            byte[] statement = _archive.Run(number);
            records.Add(intake.Acknowledge(RecordKind.Run, statement, _archive.Sign(statement)));
        }

        intake.SequenceIncoming();
        var proofs = new LogProofs(_archive.Layout, SampleArchive.Sync);

        Assert.All(records, record => Assert.Equal(13, proofs.Find(record)!.Checkpoint.Tree.Size));
    }

    [Fact]
    public void A_log_that_cannot_be_signed_leaves_records_where_they_are_found()
    {
        File.Delete(Path.Combine(_archive.Layout.LogKeys, "key.pem"));
        byte[] statement = _archive.Run(4);
        var intake = _archive.Intake();

        var record = intake.Accept(RecordKind.Run, statement, _archive.Sign(statement));

        Assert.Equal(SequencingOutcome.Unable, intake.LastSequencing!.Outcome);
        Assert.Contains("the log's private key is missing", Assert.Single(intake.LastSequencing.Problems), StringComparison.Ordinal);
        using var finder = _archive.Finder();
        Assert.Null(finder.Get(record.Hex).LogIndex);
        Assert.Equal(3, _archive.Log.Size);
    }

    private void TrustWitness()
    {
        Directory.CreateDirectory(_archive.Layout.Trust);
        File.WriteAllText(Path.Combine(_archive.Layout.Trust, "w1.vkey"), $"{_witness.Verifier}\n");
    }

    private void Cosign()
    {
        var now = _archive.Log.FindCheckpoint()!;
        new CheckpointCosigner(_archive.Layout, SampleArchive.Sync).Take(now.With(_witness.Cosign(now.Note.Text, Noon)).ToBytes());
    }

    private void Unsign() => Write(System.Text.Encoding.UTF8.GetBytes(_archive.Log.FindCheckpoint()!.Checkpoint.ToText()));

    private void Write(byte[] checkpoint) => File.WriteAllBytes(_archive.Layout.Checkpoint, checkpoint);

    private void Is(CheckOutcome outcome, string detail)
    {
        using var finder = _archive.Finder();
        var row = finder.Get(_run.Hex);
        var check = finder.CheckLog(row.Record, row.Signature);

        Assert.Equal((outcome, detail), (check.Outcome, check.Detail));
    }
}
