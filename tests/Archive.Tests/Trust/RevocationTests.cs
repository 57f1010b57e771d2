using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Certificates that were withdrawn: what was signed before at a proven time stays good, the rest does not.</summary>
public sealed class RevocationTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"x"}""");
    private static readonly DateTimeOffset Withdrawn = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly X509Certificate2 _authority = TestCertificates.Authority("Lab CA");
    private readonly X509Certificate2 _ada;
    private readonly TestAuthority _clock = new();

    public RevocationTests()
    {
        _layout = new StoreLayout(_folder.Path);
        Directory.CreateDirectory(_layout.TimestampTrust);
        _ada = TestCertificates.Person("Ada", _authority);
        Write(Path.Combine(_layout.Trust, "lab.pem"), _authority);
        Write(Path.Combine(_layout.TimestampTrust, "clock.pem"), _clock.Root);
    }

    public void Dispose()
    {
        _clock.Dispose();
        _ada.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Before_any_list_the_certificate_is_good() => Assert.True(Verify(null).IsTrusted);

    [Fact]
    public void What_was_signed_at_a_proven_time_before_the_withdrawal_stays_good()
    {
        Revoke(_ada, Withdrawn);

        var verification = Verify(Withdrawn.AddDays(-1));
        Assert.True(verification.IsTrusted, verification.Trust?.Reason);
    }

    [Fact]
    public void A_signature_made_after_the_withdrawal_is_refused()
    {
        Revoke(_ada, Withdrawn);

        Untrusted("was revoked on 2025-03-01", Verify(Withdrawn.AddDays(1)));
        Untrusted("was revoked on 2025-03-01", Verify(Withdrawn));
    }

    [Fact]
    public void Who_cannot_prove_a_time_is_judged_for_now()
    {
        Revoke(_ada, Withdrawn);

        Untrusted("was revoked on 2025-03-01", Verify(null));
    }

    [Fact]
    public void A_certificate_that_was_put_into_trust_by_itself_is_refused_too()
    {
        Write(Path.Combine(_layout.Trust, "ada.pem"), _ada);
        Revoke(_ada, Withdrawn);

        Untrusted("was revoked on 2025-03-01", Verify(null));
    }

    [Fact]
    public void A_list_that_names_others_takes_nothing_away()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry([0x50, 1], Withdrawn);
        Save(list, _authority, "lab.crl");

        Assert.True(Verify(null).IsTrusted);
    }

    [Fact]
    public void A_list_in_der_is_read_as_well()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_ada, Withdrawn);
        File.WriteAllBytes(Path.Combine(_layout.Trust, "lab.crl"), Build(list, _authority));

        Untrusted("was revoked on 2025-03-01", Verify(null));
    }

    [Fact]
    public void A_list_by_a_stranger_is_an_error()
    {
        using var stranger = TestCertificates.Authority("Another");
        Save(new CertificateRevocationListBuilder(), stranger, "lab.crl");

        NotRead("is signed by no authority in its folder");
    }

    [Fact]
    public void A_list_by_an_authority_of_the_same_name_is_an_error()
    {
        using var impostor = TestCertificates.Authority("Lab CA");
        Save(new CertificateRevocationListBuilder(), impostor, "lab.crl");

        NotRead("is signed by no authority in its folder");
    }

    [Fact]
    public void A_changed_list_is_an_error()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_ada, Withdrawn);
        byte[] der = Build(list, _authority);
        int serial = der.AsSpan().IndexOf(_ada.SerialNumberBytes.Span);
        der[serial + 1] ^= 1;
        File.WriteAllBytes(Path.Combine(_layout.Trust, "lab.crl"), der);

        NotRead("is signed by no authority in its folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a list")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    public void What_is_no_list_is_an_error(string content)
    {
        File.WriteAllText(Path.Combine(_layout.Trust, "lab.crl"), content);

        NotRead("lab.crl");
    }

    [Fact]
    public void A_stolen_clock_can_say_any_time_and_is_not_believed_before_the_theft_either()
    {
        RevokeClock(X509RevocationReason.KeyCompromise);

        var verification = Verify(Withdrawn.AddDays(-100));
        Assert.Null(verification.ProvenTime);
        Assert.Contains("was revoked on 2025-03-01", verification.Timestamps[0].Trust.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_was_replaced_is_believed_for_the_time_before()
    {
        RevokeClock(X509RevocationReason.Superseded);

        Assert.NotNull(Verify(Withdrawn.AddDays(-100)).ProvenTime);
        Assert.Null(Verify(Withdrawn.AddDays(1)).ProvenTime);
    }

    [Fact]
    public void A_clock_withdrawn_without_a_reason_is_not_believed_at_all()
    {
        RevokeClock(null);

        Assert.Null(Verify(Withdrawn.AddDays(-100)).ProvenTime);
    }

    [Theory]
    [InlineData("a.crl", "b.crl")]
    [InlineData("b.crl", "a.crl")]
    public void Of_two_lists_the_earlier_withdrawal_counts_whatever_their_files_are_called(string earlier, string later)
    {
        foreach (var (name, at) in new[] { (earlier, Withdrawn.AddDays(-10)), (later, Withdrawn) })
        {
            var list = new CertificateRevocationListBuilder();
            list.AddEntry(_ada, at);
            Save(list, _authority, name);
        }

        Untrusted("was revoked on 2025-02-19", Verify(Withdrawn.AddDays(-5)));
        Assert.True(Verify(Withdrawn.AddDays(-11)).IsTrusted);
    }

    [Theory]
    [InlineData("a.crl", "b.crl")]
    [InlineData("b.crl", "a.crl")]
    public void A_clock_that_one_list_says_was_stolen_is_not_believed_whatever_another_says(string stolen, string replaced)
    {
        foreach (var (name, at, reason) in new[]
        {
            (stolen, Withdrawn, X509RevocationReason.KeyCompromise), (replaced, Withdrawn.AddDays(-10), X509RevocationReason.Superseded),
        })
        {
            var list = new CertificateRevocationListBuilder();
            list.AddEntry(_clock.Certificate, at, reason);
            File.WriteAllBytes(Path.Combine(_layout.TimestampTrust, name), Build(list, _clock.Root));
        }

        Assert.Null(Verify(Withdrawn.AddDays(-100)).ProvenTime);
    }

    private void Revoke(X509Certificate2 certificate, DateTimeOffset at)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(certificate, at, X509RevocationReason.KeyCompromise);
        Save(list, _authority, "lab.crl");
    }

    private void RevokeClock(X509RevocationReason? reason)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_clock.Certificate, Withdrawn, reason);
        File.WriteAllBytes(Path.Combine(_layout.TimestampTrust, "clock.crl"), Build(list, _clock.Root));
    }

    private void Save(CertificateRevocationListBuilder list, X509Certificate2 authority, string name) =>
        File.WriteAllText(Path.Combine(_layout.Trust, name), PemEncoding.WriteString("X509 CRL", Build(list, authority)) + "\n");

    private static byte[] Build(CertificateRevocationListBuilder list, X509Certificate2 authority) =>
        list.Build(authority, 7, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, Withdrawn.AddDays(1));

    /// <param name="stamped">When a clock says that it was signed; null for no time stamp.</param>
    private SignatureVerification Verify(DateTimeOffset? stamped)
    {
        using var key = SigningKey.Of(_ada);
        byte[] p7s = CmsSigner.Sign(
            Statement, key, new FakeTimeProvider(TestCertificates.Now), stamped is { } at ? signature => _clock.Stamp(signature, at) : null);
        return CmsVerifier.Verify(Statement, p7s, TrustedCertificates.Load(_layout), TestCertificates.Now);
    }

    private void NotRead(string reason) =>
        Assert.Contains(reason, Assert.Throws<TrustException>(() => Verify(null)).Message, StringComparison.Ordinal);

    private static void Untrusted(string reason, SignatureVerification verification)
    {
        Assert.Null(verification.Problem);
        Assert.False(verification.IsTrusted);
        Assert.Contains(reason, verification.Trust!.Reason, StringComparison.Ordinal);
    }

    private static void Write(string path, X509Certificate2 certificate) => File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
}
