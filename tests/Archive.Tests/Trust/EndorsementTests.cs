using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Further signatures under a record: who counts, who does not, and what a policy can require of them.</summary>
public sealed class EndorsementTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(TestCertificates.Now);

    private readonly SampleArchive _archive = new();
    private readonly byte[] _run;
    private readonly Digest _record;

    public EndorsementTests()
    {
        _run = _archive.KeepRun();
        _record = Intake.Acknowledge(RecordKind.Run, _run, CmsSigner.Sign(_run, _archive.Key, Clock));
    }

    private StoreLayout Layout => _archive.Blobs.Layout;

    private RecordIntake Intake => new(_archive.Blobs, _ => { });

    private Endorser Endorser => new(_archive.Blobs, _ => { }, Clock, new Recorder { Name = "prov", Version = "1" });

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void Nobody_else_has_signed()
    {
        var verification = Verify();

        Assert.Equal(VerificationVerdict.Good, verification.Verdict);
        Assert.Equal((CheckOutcome.Absent, "nobody else has signed it"), Endorsed(verification));
    }

    [Fact]
    public void Who_is_trusted_counts_and_is_named_with_the_comment()
    {
        using var bob = Trusted("Bob");
        Endorse(bob, "replayed in Basel");

        var verification = Verify();

        Assert.Equal((CheckOutcome.Ok, "by Bob (ECDSA P-256 with SHA-256; trust/Bob.pem)"), Endorsed(verification));
        Assert.Equal("replayed in Basel", Assert.Single(verification.Endorsements).Comment);
        Assert.Equal(VerificationVerdict.Good, verification.Verdict);
    }

    [Fact]
    public void Who_is_not_trusted_does_not_count_and_spoils_nothing()
    {
        using var eve = SigningKey.Create("Eve", TestCertificates.Now);
        Endorse(eve);

        var verification = Verify();

        Assert.Equal((CheckOutcome.Absent, "1 that does not count"), Endorsed(verification));
        Assert.Contains("Eve: the certificate is not among those trusted here", Check(verification).Problems[0], StringComparison.Ordinal);
        Assert.Equal(VerificationVerdict.Good, verification.Verdict);
    }

    [Fact]
    public void An_endorsement_whose_bytes_are_damaged_does_not_count_and_spoils_nothing()
    {
        using var bob = Trusted("Bob");
        var endorsement = Endorse(bob);
        using (var finder = Finder())
        {
            Assert.Equal(endorsement, Assert.Single(finder.EndorsementsOf(_record)).Record);
        }

        File.AppendAllText(Layout.BlobPath(endorsement), " ");

        var verification = Verify();

        Assert.Equal((CheckOutcome.Absent, "1 that does not count"), Endorsed(verification));
        Assert.Equal(VerificationVerdict.Good, verification.Verdict);
    }

    [Fact]
    public void An_endorsement_of_the_same_sha256_with_another_sha512_does_not_count()
    {
        using var bob = Trusted("Bob");
        Keep(bob, endorsement => endorsement with { Record = endorsement.Record with { Sha512 = new string('0', 128) } });

        Assert.Contains("is of other bytes than record", Check(Verify()).Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_endorsement_of_another_record_is_not_found()
    {
        using var bob = Trusted("Bob");
        Keep(bob, endorsement => endorsement with { Record = LeafBlob.Of("other"u8) });

        Assert.Equal("nobody else has signed it", Endorsed(Verify()).Detail);
    }

    [Fact]
    public void Who_signs_must_be_who_the_endorsement_says()
    {
        using var bob = Trusted("Bob");

        var problem = Assert.Throws<TrustException>(() => Keep(bob, endorsement => endorsement with { Certificate = _archive.Key.Signer.Fingerprint }));

        Assert.Contains("says that certificate", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_endorses_an_endorsement()
    {
        using var bob = Trusted("Bob");

        var problem = Assert.Throws<RecordFormatException>(() => Keep(bob, endorsement => endorsement with { Kind = RecordKind.Endorsement }));

        Assert.Contains("endorses an endorsement", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("\u001b[2J")]
    public void A_comment_is_one_line(string comment)
    {
        using var bob = Trusted("Bob");

        Assert.Throws<RecordFormatException>(() => Keep(bob, endorsement => endorsement with { Comment = comment }));
        Assert.Throws<RecordFormatException>(() => Keep(bob, endorsement => endorsement with { Comment = new string('x', 1001) }));
    }

    [Fact]
    public void The_subject_must_be_what_is_endorsed()
    {
        var statement = RecordSamples.Endorsement();
        byte[] other = RecordJson.Serialize(statement with { Subject = [statement.Subject[0] with { Name = "run" }] });

        Assert.Contains("its subject is not", Assert.Throws<RecordFormatException>(() => RecordJson.ParseEndorsement(other)).Message, StringComparison.Ordinal);
        Assert.Equal(statement.Predicate, RecordJson.ParseEndorsement(RecordJson.Serialize(statement)).Predicate);
    }

    [Fact]
    public void Two_of_three_must_have_signed()
    {
        using var bob = Trusted("Bob");
        using var eve = SigningKey.Create("Eve", TestCertificates.Now);
        Policy($"[require]\nsigners = 2\n{Signer("Ada", _archive.Key)}{Signer("Bob", bob)}{Signer("Carol", eve)}");
        Endorse(eve);

        var alone = Verify();
        Assert.Equal(VerificationVerdict.Incomplete, alone.Verdict);
        Assert.Equal("2 signers are required, 1 counts: Ada (policy.toml)", Endorsed(alone).Detail);

        Endorse(bob);
        Assert.Equal(VerificationVerdict.Good, Verify().Verdict);
    }

    [Fact]
    public void Two_keys_of_one_person_are_one_signer()
    {
        using var second = Trusted("Ada");
        Policy("[require]\nsigners = 2\n");
        Endorse(second);

        Assert.Equal("2 signers are required, 1 counts: Ada (policy.toml)", Endorsed(Verify()).Detail);
    }

    [Fact]
    public void Two_names_of_one_person_are_one_signer_when_the_policy_says_so()
    {
        using var second = Trusted("A. Lovelace");
        Policy($"[require]\nsigners = 2\n{Signer("Ada", _archive.Key)}{Signer("Ada", second)}");
        Endorse(second);

        Assert.Equal(VerificationVerdict.Incomplete, Verify().Verdict);
    }

    [Fact]
    public void Who_may_not_endorse_does_not_count()
    {
        using var bob = Trusted("Bob");
        Policy($"[require]\nsigners = 2\n{Signer("Ada", _archive.Key)}{Signer("Bob", bob)}may = [\"run\"]\n");
        Endorse(bob);

        var verification = Verify();

        Assert.Equal(VerificationVerdict.Incomplete, verification.Verdict);
        Assert.Contains("may not sign a record of kind endorsement", Check(verification).Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_else_signed_the_record_itself_must_be_trusted()
    {
        using var bob = Trusted("Bob");
        using var eve = SigningKey.Create("Eve", TestCertificates.Now);
        byte[] other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_run).Replace("\"umask\":\"0022\"", "\"umask\":\"0027\"", StringComparison.Ordinal));
        Assert.NotEqual(_run, other);
        var record = Intake.Acknowledge(RecordKind.Run, other, CmsSigner.Sign(other, eve, Clock));
        Endorser.Endorse(RecordKind.Run, other, bob);

        Assert.Equal(VerificationVerdict.Untrusted, Verify(record).Verdict);
    }

    [Fact]
    public void A_post_quantum_signature_can_be_required()
    {
        Policy("[require]\npost_quantum = true\n");
        Assert.Equal("a post-quantum signature (ML-DSA) is required, none counts (policy.toml)", Endorsed(Verify()).Detail);
        Assert.Equal(VerificationVerdict.Incomplete, Verify().Verdict);

        new KeyStore(Layout, _ => { }, Clock).Create("Ada", KeyAlgorithm.MlDsa65, second: true).Dispose();
        Assert.Empty(Endorser.EndorseBySecondKey(RecordKind.Run, _run));

        var verification = Verify();
        Assert.Equal((CheckOutcome.Ok, "by Ada (ML-DSA-65 with SHA-512; a key of this archive)"), Endorsed(verification));
        Assert.Equal(VerificationVerdict.Good, verification.Verdict);
    }

    [Fact]
    public void Without_a_second_key_nothing_is_endorsed()
    {
        Assert.Empty(Endorser.EndorseBySecondKey(RecordKind.Run, _run));
        Assert.Empty(Verify().Endorsements);
    }

    [Fact]
    public void A_second_key_that_cannot_be_read_is_said_and_costs_nothing_else()
    {
        var keys = new KeyStore(Layout, _ => { }, Clock);
        keys.Create("Ada", KeyAlgorithm.MlDsa65, second: true).Dispose();
        File.WriteAllText(keys.List().Single(key => key.IsSecond).KeyPath, "nothing");

        Assert.StartsWith("no second signature: ", Assert.Single(Endorser.EndorseBySecondKey(RecordKind.Run, _run)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_cannot_be_both()
    {
        var keys = new KeyStore(Layout, _ => { }, Clock);
        var active = keys.List().Single(key => key.IsActive);

        Assert.Throws<TrustException>(() => keys.Use(active, second: true));
        keys.Create("Ada", KeyAlgorithm.MlDsa65, second: true).Dispose();
        Assert.Throws<TrustException>(() => keys.Use(keys.List().Single(key => key.IsSecond)));
        Assert.True(keys.DropSecond());
        Assert.Null(keys.FindSecond());
        Assert.False(keys.DropSecond());
    }

    [Fact]
    public void Same_rows_after_reindexing()
    {
        using var bob = Trusted("Bob");
        Endorse(bob, "seen");
        Intake.SequenceIncoming();
        File.Delete(Layout.CatalogDatabase);

        using var finder = Finder();
        var row = Assert.Single(finder.EndorsementsOf(_record));

        Assert.Equal(("seen", "Bob"), (row.Comment, row.SignerName));
        Assert.Equal(1, finder.Count(RecordKind.Endorsement));
    }

    private RecordFinder Finder() => RecordFinder.Open(_archive.Blobs, _ => { });

    private Digest Endorse(SigningKey key, string? comment = null) => Endorser.Endorse(RecordKind.Run, _run, key, comment).Endorsement;

    private void Keep(SigningKey key, Func<EndorsementRecord, EndorsementRecord> change)
    {
        byte[] bytes = RecordJson.Serialize(EndorsementStatement.Of(change(new EndorsementRecord
        {
            Recorder = new Recorder { Name = "prov", Version = "1" },
            Kind = RecordKind.Run,
            Record = LeafBlob.Of(_run),
            Certificate = key.Signer.Fingerprint,
        })));
        Intake.Acknowledge(RecordKind.Endorsement, bytes, CmsSigner.Sign(bytes, key, Clock));
    }

    private SigningKey Trusted(string name)
    {
        var key = SigningKey.Create(name, TestCertificates.Now);
        Directory.CreateDirectory(Layout.Trust);
        File.WriteAllText(Path.Combine(Layout.Trust, $"{name}.pem"), key.CertificatePem());
        return key;
    }

    private void Policy(string text)
    {
        Directory.CreateDirectory(Layout.Trust);
        File.WriteAllText(Layout.TrustPolicy, text);
    }

    private static string Signer(string name, SigningKey key) =>
        $"[[signer]]\nname = \"{name}\"\ncertificate = \"{key.Signer.Fingerprint.Hex}\"\n";

    private RecordVerification Verify(Digest? record = null)
    {
        using var finder = Finder();
        var row = finder.Get((record ?? _record).Hex);
        return new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(Layout), Clock)
            .Verify(row.Record, row.Signature, endorsements: finder.FindEndorsements);
    }

    private static VerificationCheck Check(RecordVerification verification) => verification.Checks.Single(check => check.Name == "endorsed");

    private static (CheckOutcome Outcome, string Detail) Endorsed(RecordVerification verification) =>
        (Check(verification).Outcome, Check(verification).Detail);
}
