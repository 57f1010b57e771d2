using System.Text;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>The log's key is made at first use, signs every checkpoint, and nothing that contradicts what it signed before.</summary>
public sealed class LogSigningTests : IDisposable
{
    private readonly SampleLog _sample = new(entries: 5);

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void The_first_append_makes_a_key_for_its_owner_alone_and_shows_the_public_half()
    {
        string key = Path.Combine(_sample.Layout.LogKeys, "key.pem");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Equal(_sample.Now.Checkpoint.Origin, _sample.Key.Name);
        Assert.Equal($"{_sample.Key}\n", File.ReadAllText(_sample.PathOf("vkey")));
        Assert.Equal(_sample.Key, _sample.PrivateKey().Verifier);
    }

    [Fact]
    public void Every_checkpoint_is_signed_by_the_same_key()
    {
        var known = KnownKeys.Load(_sample.Layout);
        var key = _sample.Key;

        Assert.Equal(key, _sample.Now.Verify(known).Log);
        Assert.Equal(key, _sample.Append(300).Verify(known).Log);
        Assert.Equal(key, _sample.Key);
    }

    [Fact]
    public void A_log_from_before_signing_goes_on_and_is_signed_with_the_next_entry()
    {
        var before = _sample.Now;
        File.WriteAllText(_sample.PathOf("checkpoint"), before.Checkpoint.ToText());
        File.Delete(_sample.PathOf("vkey"));
        Directory.Delete(_sample.Layout.LogKeys, recursive: true);

        Assert.False(_sample.Now.IsSigned);
        var after = _sample.Append(1);

        Assert.Equal((before.Checkpoint.Origin, 6), (after.Checkpoint.Origin, after.Tree.Size));
        Assert.Equal(_sample.Key, after.Verify(KnownKeys.Load(_sample.Layout)).Log);
    }

    [Fact]
    public void A_signed_log_whose_key_is_gone_gets_no_other()
    {
        Directory.Delete(_sample.Layout.LogKeys, recursive: true);

        Assert.Contains("the log's private key is missing", Assert.Throws<TrustException>(() => _sample.Append(1)).Message, StringComparison.Ordinal);
        Assert.Equal(5, _sample.Now.Tree.Size);
    }

    [Fact]
    public void A_log_whose_entries_were_changed_before_it_was_first_signed_is_not_signed()
    {
        File.WriteAllText(_sample.PathOf("checkpoint"), _sample.Now.Checkpoint.ToText());
        Directory.Delete(_sample.Layout.LogKeys, recursive: true);
        _sample.Flip("tile/0/000.p/5", 0);

        Refused("log: was rewritten: its tiles do not continue the checkpoint of 5 entries");
    }

    [Fact]
    public void A_log_that_was_rolled_back_is_not_continued()
    {
        using var older = _sample.Copy();
        _sample.Append(3);
        _sample.TakeLogOf(older);

        Refused("log: was rolled back: it has 5 entries, 8 were signed");
        Assert.Equal(5, _sample.Now.Tree.Size);
    }

    [Fact]
    public void A_log_that_is_gone_is_not_begun_anew_in_silence()
    {
        Directory.Delete(_sample.Layout.Log, recursive: true);

        // The new origin is another one, for which this key does not sign.
        Assert.Contains("is the key of 'prov-archive/", Assert.Throws<TrustException>(() => _sample.Append(1, "other")).Message, StringComparison.Ordinal);
        Refused("log: was rolled back: it has 0 entries, 5 were signed");
    }

    [Fact]
    public void A_log_with_the_same_size_and_another_history_is_not_continued()
    {
        using var fork = Fork(5);
        _sample.TakeLogOf(fork);

        Refused("log: was rewritten: another root was signed for 5 entries");
    }

    [Fact]
    public void A_longer_log_with_another_history_is_not_continued()
    {
        using var fork = Fork(9);
        _sample.TakeLogOf(fork);

        Refused("log: was rewritten: its tiles do not continue the checkpoint of 5 entries");
    }

    [Fact]
    public void A_flipped_tile_is_not_signed_over()
    {
        _sample.Flip("tile/0/000.p/5", 40);

        Refused("log: was rewritten: its tiles do not continue the checkpoint of 5 entries");
        Assert.Equal(5, _sample.Now.Tree.Size);
    }

    [Fact]
    public void A_checkpoint_whose_signature_does_not_hold_is_not_continued()
    {
        string text = File.ReadAllText(_sample.PathOf("checkpoint"));
        string other = SignedNote.LineOf(_sample.PrivateKey().Sign("another text\n"));
        File.WriteAllText(_sample.PathOf("checkpoint"), text.Split("\n\n")[0] + "\n\n" + other);

        Refused($"checkpoint of the log: the signature of '{_sample.Key.Label}' does not hold");
    }

    [Fact]
    public void A_writer_that_died_before_it_remembered_is_no_rollback()
    {
        string seen = Path.Combine(_sample.Layout.LogKeys, "seen");
        byte[] older = File.ReadAllBytes(seen);
        _sample.Append(4);
        File.WriteAllBytes(seen, older);

        Assert.Equal(10, _sample.Append(1).Tree.Size);
    }

    [Fact]
    public void What_was_appended_without_the_key_is_not_signed_over()
    {
        using var longer = Fork(5, "entry");
        Assert.Equal(_sample.Now.Tree, longer.Now.Tree);
        longer.Append(2, "smuggled in");
        File.WriteAllText(longer.PathOf("checkpoint"), longer.Now.Checkpoint.ToText());
        _sample.TakeLogOf(longer);

        Refused("log: its key has not signed the checkpoint of 7 entries");
    }

    [Fact]
    public void Without_its_private_key_nothing_is_appended()
    {
        string key = Path.Combine(_sample.Layout.LogKeys, "key.pem");
        File.Delete(key);

        Assert.Equal($"'{key}': the log's private key is missing", Assert.Throws<TrustException>(() => _sample.Append(1)).Message);
        Assert.Equal(5, _sample.Now.Tree.Size);
    }

    [Fact]
    public void A_key_that_others_can_read_does_not_sign()
    {
        string key = Path.Combine(_sample.Layout.LogKeys, "key.pem");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.Equal($"'{key}': others may use this key: mode is 0604, expected 0600", Assert.Throws<TrustException>(() => _sample.Append(1)).Message);
    }

    [Fact]
    public void What_is_known_comes_from_keys_and_trust_not_from_the_log()
    {
        _sample.TrustWitness();
        var other = NoteKey.Create("other.example/log", NoteKeyRole.Log);
        File.WriteAllText(Path.Combine(_sample.Layout.Trust, "a.vkey"), $"\n{other.Verifier}\n");
        File.WriteAllText(_sample.PathOf("vkey"), $"{NoteKey.Create("mallory", NoteKeyRole.Log).Verifier}\n");

        var known = KnownKeys.Load(_sample.Layout);

        Assert.Equal([_sample.Key, other.Verifier], known.Logs);
        Assert.Equal([_sample.Witness.Verifier], known.Witnesses);
    }

    [Fact]
    public void A_file_of_keys_with_something_else_is_refused()
    {
        Directory.CreateDirectory(_sample.Layout.Trust);
        string path = Path.Combine(_sample.Layout.Trust, "a.vkey");
        File.WriteAllText(path, "no key\n");

        Assert.StartsWith($"'{path}': the keys cannot be read: verifier key 'no key':",
            Assert.Throws<TrustException>(() => KnownKeys.Load(_sample.Layout)).Message, StringComparison.Ordinal);
    }

    /// <summary>openssl, the checkpoint and the verifier key: no code of ours.</summary>
    [Fact]
    public void OpenSsl_verifies_the_checkpoint()
    {
        Tool.Require("openssl");
        const string Script = """
            set -eu
            sed '/^$/,$d' checkpoint > text
            tail -n 1 checkpoint | cut -d' ' -f3 | openssl base64 -d -A | tail -c 64 > signature
            { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cut -d+ -f3- vkey | openssl base64 -d -A | tail -c 32; } > key
            openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature
            """;

        Assert.Equal((0, "Signature Verified Successfully\n"), Tool.Run(_sample.Layout.Log, "sh", "-c", Script));
        byte[] changed = Encoding.UTF8.GetBytes(File.ReadAllText(_sample.PathOf("checkpoint")).Replace("\n5\n", "\n6\n", StringComparison.Ordinal));
        File.WriteAllBytes(_sample.PathOf("checkpoint"), changed);
        Assert.NotEqual(0, Tool.Run(_sample.Layout.Log, "sh", "-c", Script).Status);
    }

    /// <summary>The same key, the same origin, other entries after the first.</summary>
    private SampleLog Fork(int entries, string word = "forged")
    {
        var fork = new SampleLog(entries: 1);
        Directory.Delete(fork.Layout.Keys, recursive: true);
        Directory.CreateDirectory(fork.Layout.LogKeys);
        foreach (string name in new[] { "key.pem", "vkey" })
        {
            File.Copy(Path.Combine(_sample.Layout.LogKeys, name), Path.Combine(fork.Layout.LogKeys, name));
        }

        File.WriteAllText(fork.PathOf("checkpoint"), fork.Now.Checkpoint.ToText());
        fork.Append(entries - 1, word);
        return fork;
    }

    private void Refused(string message) => Assert.Equal(message, Assert.Throws<LogException>(() => _sample.Append(1)).Message);
}
