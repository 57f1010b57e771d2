using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>One bundle through the years: now, after its signer's certificate has ended, and after that of the clock has, with a renewal between.</summary>
public sealed class ThreeTimesTests : IDisposable
{
    private static readonly DateTimeOffset Signed = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Renewed = new(2027, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SignerEnds = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset ClockEnds = new(2028, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SampleBundle _sample = new();
    private readonly Receiver _reader = new();
    private readonly X509Certificate2 _authority = TestCertificates.Authority();
    private readonly X509Certificate2 _ada;
    private readonly TestAuthority _firstClock = new(until: ClockEnds);
    private readonly TestAuthority _secondClock = new(root: TestCertificates.Authority("Second clock CA"));
    private readonly LoopbackServer _server;

    public ThreeTimesTests()
    {
        _ada = TestCertificates.Person("Ada", _authority, until: SignerEnds);
        Directory.CreateDirectory(_reader.Layout.TimestampTrust);
        Write(_reader.Layout.Trust, "lab.pem", _authority);
        Write(_reader.Layout.TimestampTrust, "first.pem", _firstClock.Root);
        Write(_reader.Layout.TimestampTrust, "second.pem", _secondClock.Root);
        _server = LoopbackServer.Replying(query => _secondClock.Reply(query, _reader.Clock.GetUtcNow()));
        File.WriteAllText(_reader.Layout.Config, $"[time]\ntsa = \"{_server.Address}\"\n");
        _reader.Clock.SetUtcNow(Signed.AddDays(1));
    }

    public void Dispose()
    {
        _server.Dispose();
        _secondClock.Dispose();
        _firstClock.Dispose();
        _ada.Dispose();
        _authority.Dispose();
        _reader.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void A_bundle_verifies_now_and_after_each_certificate_has_ended()
    {
        var run = Sign(1, Signed);
        _reader.Import(_sample.Export(roots: [run]));

        // Now.
        Good(run, Signed);

        // The signer's certificate has ended; the token shows that it had not when she signed.
        _reader.Clock.SetUtcNow(Renewed);
        Assert.NotNull(new SealMaker(_reader.Layout, Catalog.SampleArchive.Sync, _reader.Clock).Renew(always: false).Folder);
        _reader.Clock.SetUtcNow(SignerEnds.AddDays(30));
        Good(run, Signed);

        // The clock's has ended too.
        _reader.Clock.SetUtcNow(ClockEnds.AddDays(400));
        Good(run, Signed);

        // Its key is stolen: what it says is worth nothing any more, but for what the renewal shows to have been there before.
        Publish(_reader.Layout.TimestampTrust, "first.crl", _firstClock.Root, _firstClock.Certificate, ClockEnds.AddDays(300));
        Good(run, Signed);

        // It was stolen earlier than that: the renewal has its own time.
        Publish(_reader.Layout.TimestampTrust, "first.crl", _firstClock.Root, _firstClock.Certificate, Signed.AddDays(20));
        Good(run, Renewed);
    }

    [Fact]
    public void Without_the_renewal_a_stolen_clock_takes_the_proof_with_it()
    {
        var run = Sign(1, Signed);
        _reader.Import(_sample.Export(roots: [run]));
        _reader.Clock.SetUtcNow(ClockEnds.AddDays(400));
        Publish(_reader.Layout.TimestampTrust, "first.crl", _firstClock.Root, _firstClock.Certificate, ClockEnds.AddDays(300));

        Refused(run, "was no longer valid at");
    }

    [Fact]
    public void A_renewal_after_the_signer_s_certificate_has_ended_upholds_the_token_and_cannot_take_its_place()
    {
        var run = Sign(1, Signed);
        _reader.Import(_sample.Export(roots: [run]));
        _reader.Clock.SetUtcNow(SignerEnds.AddDays(30));
        Assert.NotNull(new SealMaker(_reader.Layout, Catalog.SampleArchive.Sync, _reader.Clock).Renew(always: false).Folder);
        Good(run, Signed);

        Publish(_reader.Layout.TimestampTrust, "first.crl", _firstClock.Root, _firstClock.Certificate, ClockEnds);
        Good(run, Signed);

        Publish(_reader.Layout.TimestampTrust, "first.crl", _firstClock.Root, _firstClock.Certificate, SignerEnds);
        Refused(run, "was no longer valid at");
    }

    [Fact]
    public void What_was_signed_after_the_revocation_is_refused_at_every_time_and_what_was_signed_before_at_none()
    {
        var revoked = Signed.AddDays(10);
        var before = Sign(1, Signed);
        var after = Sign(2, revoked.AddDays(1));
        _reader.Import(_sample.Export(roots: [before, after]));
        Publish(_reader.Layout.Trust, "lab.crl", _authority, _ada, revoked);

        foreach (var at in new[] { revoked.AddDays(2), SignerEnds.AddDays(30), ClockEnds.AddDays(400) })
        {
            _reader.Clock.SetUtcNow(at);
            Good(before, Signed);
            Refused(after, "was revoked on 2026-12-04");
        }
    }

    [Fact]
    public void A_renewal_after_the_revocation_harms_nothing_unless_that_is_dated_before_the_proven_time()
    {
        var run = Sign(1, Signed);
        _reader.Import(_sample.Export(roots: [run]));
        _reader.Clock.SetUtcNow(Signed.AddDays(20));
        Assert.NotNull(new SealMaker(_reader.Layout, Catalog.SampleArchive.Sync, _reader.Clock).Renew(always: false).Folder);
        Publish(_reader.Layout.Trust, "lab.crl", _authority, _ada, Signed.AddDays(10));
        Good(run, Signed);

        Publish(_reader.Layout.Trust, "lab.crl", _authority, _ada, Signed.AddDays(-1));
        Refused(run, "was revoked on 2026-11-23");
    }

    private Digest Sign(int number, DateTimeOffset at)
    {
        byte[] statement = _sample.Archive.Run(number + 10, _sample.OfTheImage);
        using var key = SigningKey.Of(_ada);
        byte[] p7s = CmsSigner.Sign(statement, key, new FakeTimeProvider(at), signature => _firstClock.Stamp(signature, at));
        return _sample.Archive.Intake().Accept(RecordKind.Run, statement, p7s);
    }

    private void Good(Digest run, DateTimeOffset proven)
    {
        var verification = Verify(run);
        Assert.True(verification.Holds, string.Join("; ", verification.Checks.Select(check => $"{check.Name} {check.Outcome}: {check.Detail}")));
        Assert.Equal(proven, verification.Signature.ProvenTime!.Time);
    }

    private void Refused(Digest run, string reason)
    {
        var verification = Verify(run);
        Assert.Equal(VerificationVerdict.Untrusted, verification.Verdict);
        Assert.Contains(reason, verification.Checks.Single(check => check.Name == "trust").Detail, StringComparison.Ordinal);
    }

    private RecordVerification Verify(Digest run)
    {
        using var finder = _reader.Finder();
        var row = finder.Get(run.Hex);
        var trusted = TrustedCertificates.Load(_reader.Layout);
        var seals = new SealCheck(_reader.Layout, Catalog.SampleArchive.Sync, trusted.Time);
        return new RecordVerifier(_reader.Blobs, trusted, _reader.Clock, finder.Evidence(seals)).Verify(
            row.Record, row.Signature, VerificationScope.RecordAndImage, finder.CheckLog, (record, signature) => finder.FindSeal(record, signature, seals));
    }

    private static void Publish(string folder, string name, X509Certificate2 issuer, X509Certificate2 withdrawn, DateTimeOffset at)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(withdrawn, at, X509RevocationReason.KeyCompromise);
        File.WriteAllBytes(
            Path.Combine(folder, name), list.Build(issuer, 1, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, at.AddHours(1)));
    }

    private static void Write(string folder, string name, X509Certificate2 certificate) =>
        File.WriteAllText(Path.Combine(folder, name), certificate.ExportCertificatePem() + "\n");
}
