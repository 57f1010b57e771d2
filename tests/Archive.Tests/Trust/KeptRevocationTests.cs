using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Revocation lists that are kept as records: they are used by whoever trusts the authority, also where no list lies in trust/.</summary>
public sealed class KeptRevocationTests : IDisposable
{
    private static readonly DateTimeOffset Withdrawn = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Recorder Prov = new() { Name = "prov", Version = "1" };

    private readonly FakeTimeProvider _time = new(TestCertificates.Now);
    private readonly SampleArchive _archive = new();
    private readonly TemporaryFolder _reader = new();
    private readonly StoreLayout _trusting;
    private readonly X509Certificate2 _authority = TestCertificates.Authority();
    private readonly X509Certificate2 _bob;
    private readonly TestAuthority _clock = new();

    public KeptRevocationTests()
    {
        _bob = TestCertificates.Person("Bob", _authority);
        _trusting = new StoreLayout(_reader.Path);
        foreach (var layout in new[] { _archive.Blobs.Layout, _trusting })
        {
            Directory.CreateDirectory(layout.TimestampTrust);
            File.WriteAllText(Path.Combine(layout.Trust, "lab.pem"), _authority.ExportCertificatePem() + "\n");
            File.WriteAllText(Path.Combine(layout.TimestampTrust, "clock.pem"), _clock.Root.ExportCertificatePem() + "\n");
        }
    }

    public void Dispose()
    {
        _clock.Dispose();
        _bob.Dispose();
        _authority.Dispose();
        _archive.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public void A_kept_list_refuses_what_was_signed_after_the_withdrawal_and_no_more()
    {
        var before = Run(Withdrawn.AddDays(-1));
        var after = Run(Withdrawn.AddDays(1));
        Publish(list => list.AddEntry(_bob, Withdrawn, X509RevocationReason.KeyCompromise), Withdrawn.AddDays(1));
        Assert.True(Verify(after).Signature.IsTrusted);

        Keep();

        Assert.True(Verify(before).Signature.IsTrusted);
        Assert.Contains("not on the list of 2025-03-02", Verify(Run(Withdrawn.AddDays(-2))).Signature.Trust!.Reason, StringComparison.Ordinal);
        var trust = Verify(after).Signature.Trust!;
        Assert.False(trust.IsTrusted);
        Assert.Contains("was revoked on 2025-03-01 00:00:00Z (kept list ", trust.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_kept_once_and_in_the_log()
    {
        Publish(list => list.AddEntry(_bob, Withdrawn), Withdrawn.AddDays(1));
        Assert.True(Keeper.IsNeeded);
        Keep();
        Keep();
        Assert.False(Keeper.IsNeeded);
        new RecordIntake(_archive.Blobs, _ => { }).SequenceIncoming();

        using var finder = RecordFinder.Open(_archive.Blobs, _ => { });
        var row = Assert.Single(finder.RecordsOf(RecordKind.Revocation));
        Assert.NotNull(row.LogIndex);
        Assert.Equal(CheckOutcome.Ok, new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(_archive.Blobs.Layout), _time)
            .Verify(row.Record, row.Signature).Checks.Single(check => check.Name == "bytes").Outcome);

        // Neither needless to gc, nor unknown to fsck.
        var report = new Fsck(_archive.Blobs, _ => { }).Check(null, CancellationToken.None);
        Assert.DoesNotContain(report.Findings, finding => finding.Severity == FsckSeverity.Damage);
    }

    [Fact]
    public void A_list_that_nobody_trusted_here_has_signed_is_nobody_s_word()
    {
        using var impostor = TestCertificates.Authority();
        Publish(list => list.AddEntry(_bob, Withdrawn), Withdrawn.AddDays(1), impostor);
        Keep();

        Assert.True(Verify(Run(Withdrawn.AddDays(1))).Signature.IsTrusted);
    }

    [Fact]
    public void Lists_that_only_say_whose_they_are_hide_none_that_is()
    {
        var after = Run(Withdrawn.AddDays(1));
        Publish(list => list.AddEntry(_bob, Withdrawn), Withdrawn.AddDays(1));
        Keep();
        // Of the authority itself, and older: who has these can keep them once more.
        byte[] old = Build(new CertificateRevocationListBuilder(), _authority, Withdrawn.AddDays(-1));
        for (int number = 0; number < 70; number++)
        {
            Accept([0x30, (byte)number], number);
            Accept(old, number);
            Accept(Build(new CertificateRevocationListBuilder(), _authority, Withdrawn.AddDays(-2).AddMinutes(-number)), number);
        }

        Assert.Contains("was revoked on 2025-03-01", Verify(after).Signature.Trust!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_can_require_a_list_for_the_time_of_the_signature()
    {
        File.WriteAllText(_trusting.TrustPolicy, "[require]\nrevocation = true\n");
        var run = Run(Withdrawn.AddDays(-1));
        var missing = Trust(Verify(run));
        Assert.Equal(CheckOutcome.Incomplete, missing.Outcome);
        Assert.StartsWith("no revocation list for 2025-02-28", missing.Detail, StringComparison.Ordinal);

        Publish(list => list.AddEntry([0x50, 1], Withdrawn), Withdrawn.AddDays(1));
        Keep();

        Assert.Equal(CheckOutcome.Ok, Trust(Verify(run)).Outcome);
        // One that was out of date by then says nothing of it.
        Assert.Equal(CheckOutcome.Incomplete, Trust(Verify(Run(Withdrawn.AddDays(400)))).Outcome);
    }

    [Fact]
    public void A_list_in_trust_that_cannot_be_read_costs_no_record()
    {
        File.WriteAllText(Path.Combine(_archive.Blobs.Layout.Trust, "lab.crl"), "no list");

        string warning = Assert.Single(Keeper.Keep(_archive.Key));

        Assert.StartsWith("the revocation lists in trust/ are not kept", warning, StringComparison.Ordinal);
    }

    private RevocationKeeper Keeper => new(_archive.Blobs, _ => { }, _time, Prov);

    private void Keep() => Assert.Empty(Keeper.Keep(_archive.Key));

    private void Publish(Action<CertificateRevocationListBuilder> add, DateTimeOffset at, X509Certificate2? authority = null)
    {
        var list = new CertificateRevocationListBuilder();
        add(list);
        string path = Path.Combine(_archive.Blobs.Layout.Trust, authority is null ? "lab.crl" : "impostor.crl");
        byte[] der = Build(list, authority ?? _authority, at);
        File.WriteAllText(path, PemEncoding.WriteString("X509 CRL", der) + "\n");
        if (authority is not null)
        {
            // Whoever keeps it trusts its authority; the reader does not.
            File.WriteAllText(Path.Combine(_archive.Blobs.Layout.Trust, "impostor.pem"), authority.ExportCertificatePem() + "\n");
        }
    }

    /// <summary>A record that says that a list is of the authority.</summary>
    private void Accept(byte[] list, int number)
    {
        byte[] statement = RecordJson.Serialize(RevocationStatement.Of(new RevocationRecord
        {
            Recorder = Prov with { Version = $"{number}" },
            List = _archive.Blobs.Put(MediaTypes.RevocationList, list),
            Issuer = Digest.Of(_authority.SubjectName.RawData).Hex,
        }));
        new RecordIntake(_archive.Blobs, _ => { }).Accept(RecordKind.Revocation, statement, CmsSigner.Sign(statement, _archive.Key, _time));
    }

    private static byte[] Build(CertificateRevocationListBuilder list, X509Certificate2 authority, DateTimeOffset at) =>
        list.Build(authority, 7, at.AddDays(30), HashAlgorithmName.SHA384, rsaSignaturePadding: null, at);

    private (Digest Record, Digest Signature) Run(DateTimeOffset stamped)
    {
        byte[] statement = _archive.KeepRun();
        using var key = SigningKey.Of(_bob);
        byte[] p7s = CmsSigner.Sign(statement, key, _time, signature => _clock.Stamp(signature, stamped));
        return (_archive.Blobs.Put(MediaTypes.Statement, statement).Digest, _archive.Blobs.Put(MediaTypes.CmsSignature, p7s).Digest);
    }

    private RecordVerification Verify((Digest Record, Digest Signature) run)
    {
        using var finder = RecordFinder.Open(_archive.Blobs, _ => { });
        return new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(_trusting), _time, finder.Evidence()).Verify(run.Record, run.Signature);
    }

    private static VerificationCheck Trust(RecordVerification verification) => verification.Checks.Single(check => check.Name == "trust");
}
