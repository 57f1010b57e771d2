using System.Text;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class CheckpointCosignerTests : IDisposable
{
    private readonly SampleLog _sample = new(entries: 5);

    public CheckpointCosignerTests() => _sample.TrustWitness();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_cosigned_checkpoint_is_kept_and_shown_with_the_log()
    {
        var (_, signatures) = Take(_sample.Cosign(_sample.Now).ToBytes());

        Assert.Equal(_sample.Witness.Verifier, Assert.Single(signatures.Cosignatures).Witness);
        Assert.Single(_sample.Now.Verify(Known).Cosignatures);
        Assert.Equal(_sample.Key, _sample.Now.Verify(Known).Log);
        Assert.Equal(File.ReadAllBytes(_sample.PathOf("checkpoint")), File.ReadAllBytes(_sample.PathOf("cosigned/5")));
    }

    [Fact]
    public void The_line_alone_is_taken_for_the_newest_checkpoint()
    {
        string line = SignedNote.LineOf(_sample.Witness.Cosign(_sample.Now.Note.Text, SampleLog.Noon));

        Take(Encoding.UTF8.GetBytes(line));

        Assert.Single(_sample.Now.Verify(Known).Cosignatures);
    }

    [Fact]
    public void What_was_cosigned_of_an_older_size_is_kept_when_the_log_has_grown()
    {
        var older = _sample.Cosign(_sample.Now);
        _sample.Append(3);

        Take(older.ToBytes());

        Assert.Empty(_sample.Now.Verify(Known).Cosignatures);
        Assert.Single(new CosignedCheckpoints(_sample.Layout, SampleLog.Sync).FindFirstWith(4)!.Verify(Known).Cosignatures);
        Assert.Null(new CosignedCheckpoints(_sample.Layout, SampleLog.Sync).FindFirstWith(5));
    }

    [Fact]
    public void A_proof_is_made_under_the_first_checkpoint_that_was_cosigned_with_the_entry_in_it()
    {
        Take(_sample.Cosign(_sample.Now).ToBytes());
        _sample.Append(3);
        Take(_sample.Cosign(_sample.Now).ToBytes());
        _sample.Append(2);
        var proofs = new LogProofs(_sample.Layout, SampleLog.Sync);

        Assert.Equal([5, 5, 8, 8, 10], new[] { 0, 4, 5, 7, 9 }.Select(index => proofs.Make(index).Checkpoint.Tree.Size));
        Assert.Equal(10, proofs.Make(0, newest: true).Checkpoint.Tree.Size);
    }

    [Fact]
    public void Of_what_one_witness_says_twice_of_one_size_the_earlier_stays()
    {
        var plain = _sample.Now;
        Take(_sample.Cosign(plain).ToBytes());

        foreach (var hours in new[] { 1, -1 })
        {
            Take(plain.With(_sample.Witness.Cosign(plain.Note.Text, SampleLog.Noon.AddHours(hours))).ToBytes());
            Assert.Equal(SampleLog.Noon.AddHours(Math.Min(hours, 0)), Assert.Single(_sample.Now.Verify(Known).Cosignatures).Time);
        }
    }

    [Fact]
    public void A_second_witness_is_added_to_the_first()
    {
        var second = NoteKey.Create("witness.example/w2", NoteKeyRole.Witness);
        File.WriteAllText(Path.Combine(_sample.Layout.Trust, "w2.vkey"), $"{second.Verifier}\n");
        var plain = _sample.Now;

        Take(_sample.Cosign(plain).ToBytes());
        Take(plain.With(second.Cosign(plain.Note.Text, SampleLog.Noon)).ToBytes());

        Assert.Equal(2, _sample.Now.Verify(Known).Cosignatures.Count);
    }

    [Fact]
    public void Signatures_of_strangers_are_left_out()
    {
        var stranger = NoteKey.Create("stranger", NoteKeyRole.Witness);
        var both = _sample.Cosign(_sample.Now).With(stranger.Cosign(_sample.Now.Note.Text, SampleLog.Noon));

        Take(both.ToBytes());

        Assert.Equal(2, _sample.Now.Note.Signatures.Count);
    }

    [Fact]
    public void One_that_only_strangers_signed_is_refused()
    {
        var stranger = NoteKey.Create("stranger", NoteKeyRole.Witness);

        Refused(_sample.Now.With(stranger.Cosign(_sample.Now.Note.Text, SampleLog.Noon)), "cosigned checkpoint: no known witness has signed it");
    }

    [Fact]
    public void A_cosignature_of_another_text_is_refused() => Refused(
        _sample.Now.With(_sample.Witness.Cosign("another\n", SampleLog.Noon)),
        $"checkpoint of the log: the signature of '{_sample.Witness.Verifier.Label}' does not hold");

    [Fact]
    public void One_of_another_log_is_refused()
    {
        using var other = new SampleLog();
        other.Append(5, "other");

        Refused(_sample.Cosign(other.Now), $"cosigned checkpoint: is of log '{other.Now.Checkpoint.Origin}', expected '{_sample.Now.Checkpoint.Origin}'");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void One_that_this_log_never_had_is_refused(long size)
    {
        var forged = SignedCheckpoint.Sign(new Checkpoint(_sample.Now.Checkpoint.Origin, new TreeHead(size, new byte[32])), _sample.PrivateKey());

        Refused(_sample.Cosign(forged), $"cosigned checkpoint: this log never had that root at {size} entries");
    }

    [Fact]
    public void One_without_the_logs_own_signature_is_refused() => Refused(
        _sample.Cosign(_sample.Now.Only(_ => false)), "cosigned checkpoint: the log's key has not signed it");

    [Fact]
    public void Nothing_of_what_is_refused_is_kept()
    {
        Assert.Throws<LogException>(() => Take("— a b\n"u8.ToArray()));
        Assert.Throws<LogException>(() => Take([]));

        Assert.False(Directory.Exists(_sample.Layout.Cosigned));
        Assert.Single(_sample.Now.Note.Signatures);
    }

    private KnownKeys Known => KnownKeys.Load(_sample.Layout);

    private (SignedCheckpoint Checkpoint, CheckpointSignatures Signatures) Take(byte[] given) =>
        new CheckpointCosigner(_sample.Layout, SampleLog.Sync).Take(given);

    private void Refused(SignedCheckpoint given, string message) =>
        Assert.Equal(message, Assert.Throws<LogException>(() => Take(given.ToBytes())).Message);
}
