using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>What <c>prov archive fsck</c> says of signatures, of what was signed last, and of the proofs; and what <c>reindex</c> mends.</summary>
public sealed class CheckpointFsckTests : IDisposable
{
    private readonly SampleArchive _archive = new();
    private readonly Digest _run;

    public CheckpointFsckTests()
    {
        _run = _archive.Accept(1);
        _archive.Accept(2);
    }

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void Nothing_is_found_in_a_sound_log() => Assert.Empty(Check().Findings);

    [Fact]
    public void A_log_that_was_rolled_back_is_damage()
    {
        byte[] older = File.ReadAllBytes(_archive.Layout.Checkpoint);
        _archive.Accept(3);
        File.WriteAllBytes(_archive.Layout.Checkpoint, older);

        Has(FsckSeverity.Damage, "log/checkpoint", "was rolled back: it has 2 entries, 3 were signed");
    }

    /// <summary>An archive of terabytes is read for hours, and jobs go on.</summary>
    [Fact]
    public void What_others_record_and_cosign_meanwhile_is_no_damage()
    {
        var witness = NoteKey.Create("w", NoteKeyRole.Witness);
        Directory.CreateDirectory(_archive.Layout.Trust);
        File.WriteAllText(Path.Combine(_archive.Layout.Trust, "w.vkey"), $"{witness.Verifier}\n");
        var meanwhile = new Once(() =>
        {
            _archive.Accept(3);
            new CheckpointCosigner(_archive.Layout, SampleArchive.Sync).Take(Now.With(witness.Cosign(Now.Note.Text, DateTimeOffset.UnixEpoch)).ToBytes());
        });

        var report = new Fsck(_archive.Blobs, SampleArchive.Sync).Check(meanwhile, CancellationToken.None);

        Assert.Equal((2, 3), (report.LogEntries, Now.Tree.Size));
        Assert.Equal(3, new LogProofs(_archive.Layout, SampleArchive.Sync).Find(_run)!.Checkpoint.Tree.Size);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity != FsckSeverity.Note);
    }

    [Fact]
    public void A_checkpoint_whose_signature_was_taken_away_is_damage()
    {
        File.WriteAllText(_archive.Layout.Checkpoint, Now.Checkpoint.ToText());

        Has(FsckSeverity.Damage, "log/checkpoint", "is not signed, although the log has a key");
    }

    [Fact]
    public void A_checkpoint_by_a_key_that_nobody_knows_is_damage()
    {
        var mallory = NoteKey.Create(Now.Checkpoint.Origin, NoteKeyRole.Log);
        File.WriteAllBytes(_archive.Layout.Checkpoint, SignedCheckpoint.Sign(Now.Checkpoint, mallory).ToBytes());

        Has(FsckSeverity.Damage, "log/checkpoint", "is signed by no key that is known here");
    }

    [Fact]
    public void A_log_from_before_signing_is_noted()
    {
        File.WriteAllText(_archive.Layout.Checkpoint, Now.Checkpoint.ToText());
        Directory.Delete(_archive.Layout.LogKeys, recursive: true);

        Has(FsckSeverity.Note, "log/checkpoint", "is not signed yet: the next record signs it");
        Assert.True(Check().IsSound);
    }

    [Fact]
    public void Another_key_beside_the_log_is_mended()
    {
        File.WriteAllText(_archive.Layout.PublishedLogKey, "x\n");

        Has(FsckSeverity.Repairable, "log/vkey", "is not the key that signs the log");
        Reindex();
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void A_cosigned_checkpoint_of_another_history_is_damage()
    {
        Directory.CreateDirectory(_archive.Layout.Cosigned);
        File.WriteAllText(Path.Combine(_archive.Layout.Cosigned, "1"), Now.Checkpoint.ToText().Replace("\n2\n", "\n1\n", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_archive.Layout.Cosigned, "9"), Now.Checkpoint.ToText().Replace("\n2\n", "\n9\n", StringComparison.Ordinal));

        Has(FsckSeverity.Damage, "log/cosigned/1", "has another root than the log had at that size");
        Has(FsckSeverity.Damage, "log/cosigned/9", "is of more entries than the log has");
    }

    [Theory]
    [InlineData("index 0", "index 1")]
    [InlineData("prov-archive/", "prov-archivx/")]
    [InlineData("@v1", "@v2")]
    public void A_proof_that_was_changed_is_mended(string from, string to)
    {
        string path = _archive.Layout.ProofPath(_run);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));

        Assert.Contains(Check().Findings, finding => finding.Severity == FsckSeverity.Repairable && finding.Subject.StartsWith("proofs", StringComparison.Ordinal));
        Reindex();
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void Proofs_that_are_missing_are_noted_and_made()
    {
        Directory.Delete(_archive.Layout.Proofs, recursive: true);

        Has(FsckSeverity.Note, "proofs", "2 of 2 records have no proof beside the log; 'prov archive reindex' makes them");
        Reindex();
        Assert.Empty(Check().Findings);
        Assert.Equal(2, Directory.EnumerateFiles(_archive.Layout.Proofs).Count());
    }

    [Fact]
    public void Reindexing_proves_under_what_was_cosigned()
    {
        var witness = NoteKey.Create("w", NoteKeyRole.Witness);
        Directory.CreateDirectory(_archive.Layout.Trust);
        File.WriteAllText(Path.Combine(_archive.Layout.Trust, "w.vkey"), $"{witness.Verifier}\n");
        new CheckpointCosigner(_archive.Layout, SampleArchive.Sync).Take(Now.With(witness.Cosign(Now.Note.Text, DateTimeOffset.UnixEpoch)).ToBytes());
        var third = _archive.Accept(3);
        Directory.Delete(_archive.Layout.Proofs, recursive: true);

        Reindex();

        var proofs = new LogProofs(_archive.Layout, SampleArchive.Sync);
        Assert.Equal((2, 2), (proofs.Find(_run)!.Checkpoint.Tree.Size, proofs.Find(_run)!.Checkpoint.Note.Signatures.Count));
        Assert.Equal(3, proofs.Find(third)!.Checkpoint.Tree.Size);
        Assert.Empty(Check().Findings);
    }

    private SignedCheckpoint Now => _archive.Log.FindCheckpoint()!;

    private FsckReport Check() => new Fsck(_archive.Blobs, SampleArchive.Sync).Check(progress: null, CancellationToken.None);

    private void Reindex() => new Reindexer(_archive.Blobs, SampleArchive.Sync).Reindex(progress: null, CancellationToken.None);

    private void Has(FsckSeverity severity, string subject, string message) =>
        Assert.Contains(new FsckFinding(severity, subject, message), Check().Findings);

    /// <summary>Does something at the first sign of progress.</summary>
    private sealed class Once(Action act) : IProgress<FsckProgress>
    {
        private int _count;

        public void Report(FsckProgress value)
        {
            if (Interlocked.Increment(ref _count) == 1)
            {
                act();
            }
        }
    }
}
