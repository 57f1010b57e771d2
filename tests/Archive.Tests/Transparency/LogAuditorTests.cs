using CsCheck;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>What a log can do to whoever follows it, one attack each; and what is none.</summary>
public sealed class LogAuditorTests : IDisposable
{
    private readonly SampleLog _sample = new(entries: 300);

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_log_that_was_never_seen_is_read_as_a_whole()
    {
        var report = Audit(seen: null);

        Assert.Equal((AuditOutcome.Consistent, "300 entries, all as the checkpoint says", 300), (report.Outcome, report.Message, report.Checked));
        Assert.Equal(_sample.Key, report.Signatures!.Log);
    }

    [Fact]
    public void A_log_that_has_grown_is_read_from_where_it_was()
    {
        var seen = _sample.Now;
        _sample.Append(1000);

        var report = Audit(seen);

        // From the beginning of the tile that was not full.
        Assert.Equal((AuditOutcome.Consistent, "1300 entries, 1000 since last seen", 1044), (report.Outcome, report.Message, report.Checked));
    }

    [Fact]
    public void A_log_that_has_not_grown_is_only_looked_at()
    {
        var report = Audit(_sample.Now);

        Assert.Equal((AuditOutcome.Consistent, "300 entries, none since last seen", 0), (report.Outcome, report.Message, report.Checked));
    }

    [Fact]
    public void Any_growth_of_any_log_is_consistent() => Gen.Int[1, 700].Array[2, 5].Sample(
        sizes =>
        {
            using var sample = new SampleLog();
            SignedCheckpoint? seen = null;
            foreach (int count in sizes)
            {
                sample.Append(count);
                var report = Audit(sample, seen);
                Assert.Equal(AuditOutcome.Consistent, report.Outcome);
                seen = report.Found;
            }
        },
        iter: 15);

    [Fact]
    public void Any_flipped_bit_of_a_tile_or_a_bundle_is_damage_that_is_named()
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(_sample.PathOf("tile"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_sample.Layout.Log, path)),
        ];
        Assert.Equal(5, files.Length);
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, 1 << 20], Gen.Int[0, 7]).Sample(
            (which, at, bit) =>
            {
                string file = files[which];
                int place = (int)(at % new FileInfo(_sample.PathOf(file)).Length);
                _sample.Flip(file, place, (byte)(1 << bit));
                var report = Audit(seen: null);
                _sample.Flip(file, place, (byte)(1 << bit));

                Assert.Equal(AuditOutcome.Damaged, report.Outcome);
                Assert.Contains($"'{file}'", report.Message, StringComparison.Ordinal);
            },
            iter: 60,
            threads: 1);
        Assert.Equal(AuditOutcome.Consistent, Audit(seen: null).Outcome);
    }

    [Theory]
    [InlineData("tile/0/001.p/44", "log tile 'tile/0/001.p/44': its hashes are not those of the entries in 'tile/entries/001.p/44'")]
    [InlineData("tile/0/000", "log tile 'tile/0/000': its hashes are not those of the entries in 'tile/entries/000'")]
    [InlineData("tile/1/000.p/1", "log tile 'tile/1/000.p/1': its hashes are not those of the tiles below")]
    public void A_flipped_tile_is_named(string tile, string message)
    {
        _sample.Flip(tile, 5);

        Is(AuditOutcome.Damaged, message, Audit(seen: null));
    }

    [Fact]
    public void A_flipped_tile_of_the_part_that_was_seen_is_named_too()
    {
        var seen = _sample.Now;
        _sample.Append(600);
        _sample.Flip("tile/1/000.p/3", 0);

        Is(AuditOutcome.Damaged, "log tile 'tile/1/000.p/3': its hashes are not those of the tiles below", Audit(seen));
    }

    [Fact]
    public void An_entry_that_was_changed_is_damage()
    {
        _sample.Flip("tile/entries/001.p/44", 100);

        Is(
            AuditOutcome.Damaged,
            "log tile 'tile/0/001.p/44': its hashes are not those of the entries in 'tile/entries/001.p/44'",
            Audit(seen: null));
    }

    [Fact]
    public void An_old_entry_that_was_changed_is_found_when_all_are_read()
    {
        var seen = _sample.Now;
        _sample.Flip("tile/entries/000", 100);

        Assert.Equal(AuditOutcome.Consistent, Audit(seen).Outcome);
        Is(AuditOutcome.Damaged, "log tile 'tile/0/000': its hashes are not those of the entries in 'tile/entries/000'", Audit(seen, all: true));
    }

    [Fact]
    public void A_missing_tile_is_named()
    {
        File.Delete(_sample.PathOf("tile/0/000"));

        Is(AuditOutcome.Damaged, "log tile 'tile/0/000': missing", Audit(seen: null));
    }

    [Fact]
    public void Tiles_and_entries_that_were_exchanged_together_do_not_come_to_the_signed_root()
    {
        using var other = Forge(300);
        File.Copy(_sample.PathOf("checkpoint"), other.PathOf("checkpoint"), overwrite: true);

        Is(AuditOutcome.Damaged, "its tiles do not come to the root that is signed for 300 entries", Audit(other, seen: null));
    }

    [Fact]
    public void A_log_without_a_checkpoint_is_none()
    {
        File.Delete(_sample.PathOf("checkpoint"));

        Is(AuditOutcome.Malformed, "there is none", new LogAuditor(Files(_sample), _sample.Key, KnownKeys.None).Audit(null, false, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_checkpoint_in_another_form_is_refused()
    {
        File.AppendAllText(_sample.PathOf("checkpoint"), "trailing");

        Is(AuditOutcome.Malformed, "signed note: does not end with a line feed", Audit(seen: null));
    }

    [Fact]
    public void Another_logs_checkpoint_is_refused()
    {
        using var other = new SampleLog();
        other.Append(300, "other");

        var report = new LogAuditor(Files(other), _sample.Key, KnownKeys.None).Audit(null, false, null, TestContext.Current.CancellationToken);

        Is(AuditOutcome.WrongOrigin, $"its checkpoint is of log '{other.Key.Name}', expected '{_sample.Key.Name}'", report);
    }

    [Fact]
    public void A_checkpoint_without_a_signature_is_refused()
    {
        File.WriteAllText(_sample.PathOf("checkpoint"), _sample.Now.Checkpoint.ToText());

        Is(AuditOutcome.NotSigned, $"its checkpoint is not signed by '{_sample.Key.Label}'", Audit(seen: null));
    }

    [Fact]
    public void A_checkpoint_signed_by_another_key_of_that_name_is_refused()
    {
        var mallory = NoteKey.Create(_sample.Key.Name, NoteKeyRole.Log);
        File.WriteAllBytes(_sample.PathOf("checkpoint"), SignedCheckpoint.Sign(_sample.Now.Checkpoint, mallory).ToBytes());

        Is(AuditOutcome.NotSigned, $"its checkpoint is not signed by '{_sample.Key.Label}'", Audit(seen: null));
    }

    [Fact]
    public void A_checkpoint_whose_signature_is_of_another_text_is_refused()
    {
        byte[] moved = _sample.Now.Only(_ => false).With(_sample.PrivateKey().Sign("another text\n")).ToBytes();
        File.WriteAllBytes(_sample.PathOf("checkpoint"), moved);

        Is(AuditOutcome.NotSigned, $"checkpoint of the log: the signature of '{_sample.Key.Label}' does not hold", Audit(seen: null));
    }

    [Fact]
    public void A_log_that_was_rolled_back_is_noticed_and_both_notes_are_evidence()
    {
        using var older = _sample.Copy();
        var seen = _sample.Append(10);
        _sample.TakeLogOf(older);

        var report = Audit(seen);

        Is(AuditOutcome.RolledBack, "has 300 entries, 310 were seen", report);
        Assert.True(report.IsEvidence);
        Assert.Equal((310, 300), (report.Seen!.Tree.Size, report.Found!.Tree.Size));
    }

    [Fact]
    public void A_fork_of_the_same_size_is_noticed()
    {
        using var fork = Forge(300);

        var report = Audit(fork, _sample.Now);

        Is(AuditOutcome.Forked, "two roots are signed for 300 entries", report);
        Assert.True(report.IsEvidence);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(600)]
    [InlineData(5000)]
    public void A_longer_log_with_another_history_is_noticed(int size)
    {
        using var fork = Forge(size);

        var report = Audit(fork, _sample.Now);

        Is(AuditOutcome.Rewritten, $"its {size} entries do not begin with the 300 that were seen", report);
        Assert.True(report.IsEvidence);
    }

    [Fact]
    public void An_entry_that_was_taken_out_of_the_middle_is_noticed()
    {
        using var cut = Forge([.. _sample.Log.Entries(0, 100), .. _sample.Log.Entries(101, 300), .. SampleLog.Numbers(300, 50)]);

        Assert.Equal(AuditOutcome.Rewritten, Audit(cut, _sample.Now).Outcome);
    }

    [Fact]
    public void A_cosignature_by_a_known_witness_is_told()
    {
        File.WriteAllBytes(_sample.PathOf("checkpoint"), _sample.Cosign(_sample.Now).ToBytes());
        var known = KnownKeys.Of([_sample.Witness.Verifier]);

        var report = new LogAuditor(Files(_sample), _sample.Key, known).Audit(null, false, null, TestContext.Current.CancellationToken);

        Assert.Equal(SampleLog.Noon, Assert.Single(report.Signatures!.Cosignatures).Time);
    }

    [Fact]
    public void The_state_keeps_key_and_checkpoint_and_evidence_both_notes()
    {
        string path = Path.Combine(_sample.Layout.Audits, "state");
        using var fork = Forge(300);
        using var state = FollowedLogFile.Open(path, SampleLog.Sync);
        Assert.Null(state.Find());

        state.Keep(new FollowedLog(_sample.Key, _sample.Now));
        string folder = state.KeepEvidence(_sample.Now, fork.Now);

        Assert.Equal(_sample.Key, state.Find()!.Key);
        Assert.Equal(_sample.Now.ToBytes(), state.Find()!.Seen.ToBytes());
        Assert.Equal(File.ReadAllBytes(_sample.PathOf("checkpoint")), File.ReadAllBytes(Path.Combine(folder, "seen")));
        Assert.Equal(File.ReadAllBytes(fork.PathOf("checkpoint")), File.ReadAllBytes(Path.Combine(folder, "found")));
    }

    [Fact]
    public void Two_audits_of_one_state_are_one_too_many()
    {
        string path = Path.Combine(_sample.Layout.Audits, "state");
        using var first = FollowedLogFile.Open(path, SampleLog.Sync);

        Assert.Equal($"state '{path}': another audit has it", Assert.Throws<LogException>(() => FollowedLogFile.Open(path, SampleLog.Sync)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key\norigin\n")]
    public void A_state_that_is_none_is_refused(string content)
    {
        Directory.CreateDirectory(_sample.Layout.Audits);
        string path = Path.Combine(_sample.Layout.Audits, "state");
        File.WriteAllText(path, content);
        using var state = FollowedLogFile.Open(path, SampleLog.Sync);

        Assert.StartsWith($"state '{path}': ", Assert.Throws<LogException>(state.Find).Message, StringComparison.Ordinal);
    }

    /// <summary>A log that the same key signed for the same origin, with other entries after the first.</summary>
    private SampleLog Forge(int size) => Forge([.. _sample.Log.Entries(0, 1), .. SampleLog.Numbers(1, size - 1, "forged")]);

    private SampleLog Forge(IReadOnlyList<byte[]> entries)
    {
        var forged = new SampleLog();
        Directory.CreateDirectory(forged.Layout.LogKeys);
        foreach (string name in new[] { "key.pem", "vkey" })
        {
            File.Copy(Path.Combine(_sample.Layout.LogKeys, name), Path.Combine(forged.Layout.LogKeys, name));
        }

        forged.Log.Append(entries);
        return forged;
    }

    private AuditReport Audit(SignedCheckpoint? seen, bool all = false) => Audit(_sample, seen, all);

    private static AuditReport Audit(SampleLog log, SignedCheckpoint? seen, bool all = false) =>
        new LogAuditor(Files(log), log.Key, KnownKeys.None).Audit(seen, all, progress: null, TestContext.Current.CancellationToken);

    private static ILogFiles Files(SampleLog log) => LogPlace.Open(log.Layout.Root);

    private static void Is(AuditOutcome outcome, string message, AuditReport report) => Assert.Equal((outcome, message), (report.Outcome, report.Message));
}
