using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Keys that follow others: whoever trusts the old certificate alone believes the new one when both keys say so, and at no other time.</summary>
public sealed class RotationTests : IDisposable
{
    private static readonly Recorder Prov = new() { Name = "prov", Version = "1" };

    private readonly FakeTimeProvider _time = new(TestCertificates.Now);
    private readonly SampleArchive _archive = new();
    private readonly TemporaryFolder _reader = new();
    private readonly StoreLayout _trusting;
    private readonly TestAuthority _clock = new();
    private readonly LoopbackServer _server;

    public RotationTests()
    {
        // A reader who has nothing but the first certificate, and believes the clock.
        _trusting = new StoreLayout(_reader.Path);
        Directory.CreateDirectory(_trusting.TimestampTrust);
        File.WriteAllText(Path.Combine(_trusting.Trust, "ada.pem"), _archive.Key.CertificatePem());
        File.WriteAllText(Path.Combine(_trusting.TimestampTrust, "clock.pem"), _clock.Root.ExportCertificatePem() + "\n");
        _server = LoopbackServer.Replying(query => _clock.Reply(query, _time.GetUtcNow()));
    }

    public void Dispose()
    {
        _server.Dispose();
        _clock.Dispose();
        _archive.Dispose();
        _reader.Dispose();
    }

    [Theory]
    [InlineData(KeyAlgorithm.P384)]
    [InlineData(KeyAlgorithm.Rsa3072)]
    [InlineData(KeyAlgorithm.MlDsa65)]
    public void The_successor_of_a_trusted_key_is_trusted_and_it_is_said_why(KeyAlgorithm algorithm)
    {
        var rotation = Rotate(algorithm);
        Assert.Equal(rotation.New.Fingerprint, Keys.Find()!.Signer.Fingerprint);

        var trust = Verify(Run()).Signature.Trust!;

        Assert.True(trust.IsTrusted, trust.Reason);
        Assert.Equal(
            $"by rotation {rotation.Rotation.Abbreviated} the successor of key {rotation.Old.Fingerprint.Hex[..16]}, trust/ada.pem", trust.Reason);
    }

    [Fact]
    public void A_key_may_be_followed_again_and_again()
    {
        for (int i = 0; i < 5; i++)
        {
            Rotate();
        }

        Assert.Equal(VerificationVerdict.Good, Verify(Run()).Verdict);
    }

    [Fact]
    public void Without_the_record_of_it_the_new_key_is_a_stranger()
    {
        Rotate();
        var run = Run();
        using var finder = Finder();

        var verification = new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(_trusting), _time).Verify(run.Record, run.Signature);

        Assert.Equal(VerificationVerdict.Untrusted, verification.Verdict);
    }

    [Fact]
    public void Who_does_not_trust_the_old_key_does_not_trust_the_new_one()
    {
        Rotate();
        File.Delete(Path.Combine(_trusting.Trust, "ada.pem"));

        Refused("the old key is not trusted: the certificate is not among those trusted here");
    }

    [Fact]
    public void A_rotation_that_the_new_key_has_not_signed_does_not_count()
    {
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        State(_archive.Key, made);

        Refused("the new key has not signed it", made);
    }

    [Fact]
    public void Another_key_cannot_sign_for_the_new_one()
    {
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        using var eve = SigningKey.Create("Ada", TestCertificates.Now);
        Endorse(State(_archive.Key, made), eve);

        Refused("the new key has not signed it", made);
    }

    [Fact]
    public void Only_the_old_key_names_its_successor()
    {
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        Endorse(State(made, made, says: _archive.Key), made);

        Refused("is signed with another key than the one it says is followed", made);
    }

    [Fact]
    public void A_stranger_s_successor_is_a_stranger()
    {
        using var eve = SigningKey.Create("Ada", TestCertificates.Now);
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        Endorse(State(eve, made), made);

        Refused("the old key is not trusted", made);
    }

    [Fact]
    public void A_key_is_followed_by_the_same_person_s()
    {
        using var bob = SigningKey.Create("Bob", TestCertificates.Now);
        Endorse(State(_archive.Key, bob), bob);

        Refused("leads from Ada to Bob", bob);
    }

    [Fact]
    public void Both_digests_and_the_size_must_be_the_new_certificate_s()
    {
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        var other = LeafBlob.Of("another"u8);
        Endorse(State(_archive.Key, made, change: said => said with { New = said.New with { Sha512 = other.Sha512 } }), made);

        Refused("names another certificate by SHA-512 or size", made);
    }

    [Fact]
    public void Two_who_name_each_other_are_strangers_still()
    {
        using var one = SigningKey.Create("Ada", TestCertificates.Now);
        using var two = SigningKey.Create("Ada", TestCertificates.Now);
        Endorse(State(one, two), two);
        Endorse(State(two, one), one);

        Refused("the old key is not trusted", one);
    }

    [Fact]
    public void A_key_withdrawn_before_it_named_its_successor_names_none()
    {
        Stamp();
        WithdrawnCertificates.Add(_trusting, _archive.Key.Signer.Fingerprint, TestCertificates.Now.AddDays(-1), "stolen", _ => { });
        Rotate();

        Refused("the old key is not trusted: was withdrawn from");
    }

    [Fact]
    public void A_key_withdrawn_afterwards_has_its_successor_when_the_time_is_proven()
    {
        Stamp();
        Rotate();
        WithdrawnCertificates.Add(_trusting, _archive.Key.Signer.Fingerprint, TestCertificates.Now.AddDays(1), "stolen", _ => { });
        _time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(VerificationVerdict.Good, Verify(Run()).Verdict);
    }

    [Fact]
    public void Where_no_time_is_proven_a_withdrawn_key_has_no_successor()
    {
        Rotate();
        WithdrawnCertificates.Add(_trusting, _archive.Key.Signer.Fingerprint, TestCertificates.Now.AddDays(1), "stolen", _ => { });
        _time.Advance(TimeSpan.FromDays(30));

        Refused("the old key is not trusted: was withdrawn from");
    }

    [Fact]
    public void The_new_key_can_be_withdrawn_by_itself()
    {
        var rotation = Rotate();
        WithdrawnCertificates.Add(_trusting, rotation.New.Fingerprint, TestCertificates.Now.AddDays(-1), null, _ => { });

        var trust = Verify(Run()).Signature.Trust!;

        Assert.False(trust.IsTrusted);
        Assert.StartsWith("was withdrawn from", trust.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_withdrawn_key_is_not_rotated_here_at_all()
    {
        WithdrawnCertificates.Add(_archive.Blobs.Layout, _archive.Key.Signer.Fingerprint, TestCertificates.Now.AddDays(-1), null, _ => { });

        Assert.Contains("can have no successor: was withdrawn", Assert.Throws<TrustException>(() => Rotate()).Message, StringComparison.Ordinal);
        Assert.Single(Keys.List());
    }

    [Fact]
    public void What_a_policy_says_of_the_old_certificate_holds_for_its_successor()
    {
        string old = _archive.Key.Signer.Fingerprint.Hex;
        File.WriteAllText(_trusting.TrustPolicy, $"[[signer]]\nname = \"Ada Lovelace\"\ncertificate = \"{old}\"\n");
        Rotate();
        Assert.Equal(VerificationVerdict.Good, Verify(Run()).Verdict);

        File.WriteAllText(_trusting.TrustPolicy, $"[[signer]]\ncertificate = \"{old}\"\nmay = [\"run\"]\n");
        Refused("may not sign a record of kind rotation");
    }

    [Fact]
    public void Old_and_new_key_are_one_person()
    {
        Rotate();
        var run = Run();
        byte[] statement = _archive.Blobs.Read(run.Record, CanonicalJson.MaxBytes);
        new Endorser(_archive.Blobs, _ => { }, _time, Prov).Endorse(RecordKind.Run, statement, _archive.Key);
        File.WriteAllText(
            _trusting.TrustPolicy,
            $"[require]\nsigners = 2\n[[signer]]\nname = \"Ada Lovelace\"\ncertificate = \"{_archive.Key.Signer.Fingerprint.Hex}\"\n");

        var endorsed = Verify(run).Checks.Single(check => check.Name == "endorsed");

        Assert.Equal(CheckOutcome.Incomplete, endorsed.Outcome);
        Assert.Contains("2 signers are required, 1 counts: Ada Lovelace", endorsed.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\":\"certificate\"", "\"name\":\"key\"", "its subject is not the new certificate")]
    [InlineData("\"recorder\"", "\"recordex\"", "recordex")]
    public void A_statement_of_another_form_is_none(string text, string replacement, string reason)
    {
        using var made = SigningKey.Create("Ada", TestCertificates.Now);
        string statement = Encoding.UTF8.GetString(StatementOf(_archive.Key, made));

        var problem = Assert.Throws<RecordFormatException>(() => RecordJson.ParseRotation(Encoding.UTF8.GetBytes(statement.Replace(text, replacement, StringComparison.Ordinal))));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_does_not_follow_itself() => Assert.Contains(
        "its new certificate is the old one",
        Assert.Throws<RecordFormatException>(() => RecordJson.ParseRotation(StatementOf(_archive.Key, _archive.Key))).Message,
        StringComparison.Ordinal);

    private KeyStore Keys => new(_archive.Blobs.Layout, _ => { }, _time);

    private void Stamp() => File.WriteAllText(_archive.Blobs.Layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");

    private KeyRotation Rotate(KeyAlgorithm algorithm = KeyAlgorithm.P256) =>
        new KeyRotator(_archive.Blobs, _ => { }, _time, Prov).Rotate(algorithm, encrypted: false, second: false);

    /// <summary>A run that the active key signs, or another.</summary>
    private (Digest Record, Digest Signature) Run(SigningKey? key = null)
    {
        byte[] statement = _archive.KeepRun();
        using var active = Keys.Find()!;
        byte[] p7s = CmsSigner.Sign(statement, key ?? active, _time);
        return (new RecordIntake(_archive.Blobs, _ => { }).Acknowledge(RecordKind.Run, statement, p7s), Digest.Of(p7s));
    }

    private static byte[] StatementOf(SigningKey old, SigningKey made, Func<RotationRecord, RotationRecord>? change = null)
    {
        var said = new RotationRecord
        {
            Recorder = Prov,
            Old = LeafBlob.Of(old.Certificate.RawDataMemory.Span),
            New = LeafBlob.Of(made.Certificate.RawDataMemory.Span),
        };
        return RecordJson.Serialize(RotationStatement.Of(change?.Invoke(said) ?? said));
    }

    private byte[] State(SigningKey signs, SigningKey made, SigningKey? says = null, Func<RotationRecord, RotationRecord>? change = null)
    {
        byte[] statement = StatementOf(says ?? signs, made, change);
        new RecordIntake(_archive.Blobs, _ => { }).Acknowledge(RecordKind.Rotation, statement, CmsSigner.Sign(statement, signs, _time));
        return statement;
    }

    /// <summary>An endorsement of a rotation.</summary>
    private void Endorse(byte[] rotation, SigningKey signs)
    {
        byte[] statement = RecordJson.Serialize(EndorsementStatement.Of(new EndorsementRecord
        {
            Recorder = Prov,
            Kind = RecordKind.Rotation,
            Record = LeafBlob.Of(rotation),
            Certificate = signs.Signer.Fingerprint,
        }));
        new RecordIntake(_archive.Blobs, _ => { }).Acknowledge(RecordKind.Endorsement, statement, CmsSigner.Sign(statement, signs, _time));
    }

    private RecordFinder Finder() => RecordFinder.Open(_archive.Blobs, _ => { });

    private RecordVerification Verify((Digest Record, Digest Signature) run)
    {
        using var finder = Finder();
        return new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(_trusting), _time, finder.Evidence())
            .Verify(run.Record, run.Signature, endorsements: finder.FindEndorsements);
    }

    private void Refused(string reason, SigningKey? key = null)
    {
        var verification = Verify(Run(key));
        Assert.Equal(VerificationVerdict.Untrusted, verification.Verdict);
        Assert.Contains(reason, verification.Checks.Single(check => check.Name == "trust").Detail, StringComparison.Ordinal);
    }
}
