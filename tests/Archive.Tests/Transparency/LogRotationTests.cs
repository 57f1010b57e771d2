using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>The key of a log is followed by another: who knows the old one accepts the new, and nobody else's.</summary>
public sealed class LogRotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly TransparencyLog _log;

    public LogRotationTests()
    {
        _layout = new StoreLayout(_folder.Path);
        Directory.CreateDirectory(_layout.Keys);
        _log = new TransparencyLog(_layout, _ => { });
        Append(3);
    }

    private VerifierKey Key => LogKeyStore.FindVerifier(_layout)!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_follower_accepts_the_new_key_through_the_old_one()
    {
        var old = Key;
        var seen = Audit(old).Found!;
        var rotation = _log.RotateKey(encrypted: false);
        Append(2);

        var report = Audit(old, seen);

        Assert.Equal((AuditOutcome.Consistent, Key), (report.Outcome, report.Successor));
        Assert.Equal((old, Key, 3), (rotation.Old, rotation.New, rotation.Checkpoint.Tree.Size));
        Assert.Equal(old.Name, Key.Name);
        Assert.NotEqual(old, Key);
    }

    [Fact]
    public void The_checkpoint_at_which_it_was_followed_has_both_signatures()
    {
        var old = Key;
        _log.RotateKey(encrypted: false);
        var checkpoint = _log.FindCheckpoint()!;

        foreach (var key in (VerifierKey[])[old, Key])
        {
            Assert.Equal(key, checkpoint.Verify(KnownKeys.Of([key])).Log);
        }

        Assert.Null(Audit(old).Successor);
        Append(1);
        Assert.Null(_log.FindCheckpoint()!.Verify(KnownKeys.Of([old])).Log);
    }

    [Fact]
    public void Many_keys_are_followed_at_once()
    {
        var old = Key;
        var seen = Audit(old).Found!;
        for (int i = 0; i < 5; i++)
        {
            _log.RotateKey(encrypted: false);
            Append(300);
        }

        var report = Audit(old, seen);

        Assert.Equal((AuditOutcome.Consistent, Key), (report.Outcome, report.Successor));
        Assert.Equal(6, LogRotation.KeysOf(_layout).Count);
        Assert.Contains(old, KnownKeys.Load(_layout).Logs);
    }

    [Fact]
    public void What_the_old_key_signed_stays_proved()
    {
        var before = _log.FindCheckpoint()!;
        _log.RotateKey(encrypted: false);
        Append(1);

        Assert.NotNull(before.Verify(KnownKeys.Load(_layout)).Log);
    }

    [Fact]
    public void Without_the_rotation_the_new_key_is_a_stranger_s()
    {
        var old = Key;
        _log.RotateKey(encrypted: false);
        Append(1);
        Directory.Delete(_layout.LogRotations, recursive: true);

        var report = Audit(old);

        Assert.Equal(AuditOutcome.NotSigned, report.Outcome);
        Assert.StartsWith("its checkpoint is not signed by", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_becomes_the_successor_by_signing_a_checkpoint_too()
    {
        // All that a thief of the web server can do without the log's key.
        var old = Key;
        var thief = NoteKey.Create(old.Name, NoteKeyRole.Log);
        var checkpoint = _log.FindCheckpoint()!;
        string text = $"prov-log-rotation/v1\n{checkpoint.Note.Text}{old}\n{thief.Verifier}\n";
        WriteRotation(old, new SignedNote(text, [checkpoint.Note.Signatures[0], thief.Sign(text)]));
        _log.ReplaceCheckpoint(SignedCheckpoint.Sign(checkpoint.Checkpoint, thief));

        var report = Audit(old);

        Assert.Equal(AuditOutcome.NotSigned, report.Outcome);
        Assert.Contains($"'{old.Label}' has not signed it", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_new_key_must_have_signed_as_well()
    {
        var old = Key;
        var key = new LogKeyStore(_layout, _ => { }).FindOrCreate(old.Name);
        var other = NoteKey.Create(old.Name, NoteKeyRole.Log);
        var checkpoint = _log.FindCheckpoint()!;
        string text = $"prov-log-rotation/v1\n{checkpoint.Note.Text}{old}\n{other.Verifier}\n";
        WriteRotation(old, new SignedNote(text, [key.Sign(text)]));
        _log.ReplaceCheckpoint(SignedCheckpoint.Sign(checkpoint.Checkpoint, other));

        Assert.Contains($"'{other.Verifier.Label}' has not signed it", Audit(old).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotation_of_another_log_is_none()
    {
        var old = Key;
        var key = new LogKeyStore(_layout, _ => { }).FindOrCreate(old.Name);
        var foreign = NoteKey.Create("prov-archive/another", NoteKeyRole.Log);
        string text = $"prov-log-rotation/v1\n{_log.FindCheckpoint()!.Note.Text}{old}\n{foreign.Verifier}\n";

        var problem = Assert.Throws<LogException>(() => LogRotation.Parse(new SignedNote(text, [key.Sign(text), foreign.Sign(text)]).ToBytes()));

        Assert.Contains("is no key of log", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_old_key_signs_nothing_after_it_has_named_its_successor()
    {
        // A follower has seen more than the log had when its key was followed: one of the two is a lie.
        var old = Key;
        var key = new LogKeyStore(_layout, _ => { }).FindOrCreate(old.Name);
        var next = NoteKey.Create(old.Name, NoteKeyRole.Log);
        var early = _log.FindCheckpoint()!;
        Append(2);
        var seen = Audit(old).Found!;
        Append(1);
        WriteRotation(old, LogRotation.Sign(early.Checkpoint, key, next).Note);
        _log.ReplaceCheckpoint(SignedCheckpoint.Sign(_log.FindCheckpoint()!.Checkpoint, next));

        var report = Audit(old, seen);

        Assert.Equal(AuditOutcome.NotSigned, report.Outcome);
        Assert.Contains("its successor was named at 3 entries, of 5 that were seen", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_must_have_been_what_the_old_key_last_signed()
    {
        var old = Key;
        var key = new LogKeyStore(_layout, _ => { }).FindOrCreate(old.Name);
        var next = NoteKey.Create(old.Name, NoteKeyRole.Log);
        var lie = new Checkpoint(old.Name, new TreeHead(2, MerkleTree.EmptyRoot()));
        WriteRotation(old, LogRotation.Sign(lie, key, next).Note);
        _log.ReplaceCheckpoint(SignedCheckpoint.Sign(_log.FindCheckpoint()!.Checkpoint, next));

        var report = Audit(old);

        Assert.Equal(AuditOutcome.Rewritten, report.Outcome);
        Assert.Contains("do not begin with the 2 at which its key was followed", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_that_follow_each_other_lead_nowhere()
    {
        var old = Key;
        var key = new LogKeyStore(_layout, _ => { }).FindOrCreate(old.Name);
        var other = NoteKey.Create(old.Name, NoteKeyRole.Log);
        var checkpoint = _log.FindCheckpoint()!.Checkpoint;
        WriteRotation(old, LogRotation.Sign(checkpoint, key, other).Note);
        WriteRotation(other.Verifier, LogRotation.Sign(checkpoint, other, key).Note);
        _log.ReplaceCheckpoint(SignedCheckpoint.Sign(checkpoint, NoteKey.Create(old.Name, NoteKeyRole.Log)));

        Assert.Equal(AuditOutcome.NotSigned, Audit(old).Outcome);
        Assert.Equal([old, other.Verifier], LogRotation.KeysOf(_layout));
    }

    [Fact]
    public void Killed_after_the_rotation_was_written_the_next_writer_goes_on_with_the_new_key()
    {
        var old = Key;
        var keys = new LogKeyStore(_layout, _ => { });
        var key = keys.FindOrCreate(old.Name);
        var next = keys.Prepare(old.Name, encrypted: false);
        WriteRotation(old, LogRotation.Sign(_log.FindCheckpoint()!.Checkpoint, key, next).Note);

        Append(1);

        Assert.Equal(next.Verifier, Key);
        Assert.Equal(AuditOutcome.Consistent, Audit(old).Outcome);
    }

    [Fact]
    public void Killed_before_that_nothing_has_changed()
    {
        var old = Key;
        new LogKeyStore(_layout, _ => { }).Prepare(old.Name, encrypted: false);

        Append(1);

        Assert.Equal(old, Key);
        Assert.NotEqual(old, _log.RotateKey(encrypted: false).New);
    }

    [Fact]
    public void A_log_that_was_rolled_back_gets_no_new_key()
    {
        byte[] checkpoint = File.ReadAllBytes(_layout.Checkpoint);
        Append(1);
        File.WriteAllBytes(_layout.Checkpoint, checkpoint);

        Assert.Contains("was rolled back", Assert.Throws<LogException>(() => _log.RotateKey(encrypted: false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prov-log-rotation/v1", "prov-log-rotation/v2")]
    [InlineData("\n3\n", "\n03\n")]
    [InlineData("+", "")]
    public void What_is_no_rotation_is_refused(string text, string replacement)
    {
        var rotation = _log.RotateKey(encrypted: false);
        string changed = Encoding.UTF8.GetString(rotation.ToBytes()).Replace(text, replacement, StringComparison.Ordinal);

        Assert.Throws<LogException>(() => LogRotation.Parse(Encoding.UTF8.GetBytes(changed)));
    }

    private void Append(int count) => _log.Append(
        [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetBytes($"entry {_log.Size + i}"))]);

    private void WriteRotation(VerifierKey old, SignedNote note)
    {
        Directory.CreateDirectory(_layout.LogRotations);
        File.WriteAllBytes(Path.Combine(_layout.Log, LogRotation.PathFrom(old)), note.ToBytes());
    }

    private AuditReport Audit(VerifierKey key, SignedCheckpoint? seen = null) => new LogAuditor(new TileFiles(_layout.Log, _ => { }), key, KnownKeys.None)
        .Audit(seen, all: false, progress: null, CancellationToken.None);
}
