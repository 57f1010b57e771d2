using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

public sealed class TrustedCertificatesTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"x"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;

    public TrustedCertificatesTests()
    {
        _layout = new StoreLayout(_folder.Path);
        Directory.CreateDirectory(_layout.Trust);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Own_keys_are_trusted_also_those_that_sign_no_more()
    {
        var keys = new KeyStore(_layout, _ => { }, new FakeTimeProvider(TestCertificates.Now));
        using var first = keys.Create("Ada");
        using var second = keys.Create("Ada");

        Assert.Equal("a key of this archive", Judge(first.Certificate).Reason);
        Assert.True(Judge(first.Certificate).IsTrusted);
        Assert.True(Judge(second.Certificate).IsTrusted);
    }

    [Fact]
    public void A_certificate_put_into_trust_is_trusted_by_its_fingerprint_alone()
    {
        using var ada = TestCertificates.Person("Ada");
        using var otherAda = TestCertificates.Person("Ada");
        Trust("ada.pem", ada);

        Assert.Equal("trust/ada.pem", Judge(ada).Reason);
        Assert.False(Judge(otherAda).IsTrusted);
        Assert.Equal("the certificate is not among those trusted here", Judge(otherAda).Reason);
    }

    [Fact]
    public void An_authority_of_the_same_name_vouches_for_nobody()
    {
        using var authority = TestCertificates.Authority();
        using var impostor = TestCertificates.Authority();
        using var ada = TestCertificates.Person("Ada", authority);
        using var eve = TestCertificates.Person("Eve", impostor);
        Trust("lab.pem", authority);

        Assert.True(Judge(ada).IsTrusted);
        Assert.False(Judge(eve).IsTrusted);
        Assert.StartsWith("no way to an authority trusted here", Judge(eve, impostor.RawData).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_vouches_for_nobody()
    {
        using var ada = TestCertificates.Person("Ada");
        using var eve = TestCertificates.Person("Eve", ada);
        Trust("ada.pem", ada);

        Assert.False(Judge(eve, ada.RawData).IsTrusted);
    }

    [Theory]
    [InlineData(2019, "was not yet valid at 2019-01-01")]
    [InlineData(2041, "was no longer valid at 2041-01-01")]
    public void A_certificate_is_judged_for_the_time_given(int year, string reason)
    {
        using var ada = TestCertificates.Person("Ada");
        Trust("ada.pem", ada);

        var trust = Judge(ada, at: new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.False(trust.IsTrusted);
        Assert.StartsWith(reason, trust.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_has_expired_vouches_for_nobody()
    {
        using var authority = TestCertificates.Authority();
        using var ada = TestCertificates.Person("Ada", authority, until: TestCertificates.Until);
        Trust("lab.pem", authority);

        Assert.False(Judge(ada, at: TestCertificates.Until.AddSeconds(1)).IsTrusted);
    }

    [Fact]
    public void A_certificate_without_the_key_usage_for_signatures_is_not_trusted()
    {
        using var without = TestCertificates.Person("Ada", usage: null);
        using var encipher = TestCertificates.Person("Ada", usage: X509KeyUsageFlags.KeyEncipherment);
        Trust("a.pem", without);
        Trust("b.pem", encipher);

        Assert.Equal("its key usage is not for signatures", Judge(without).Reason);
        Assert.Equal("its key usage is not for signatures", Judge(encipher).Reason);
    }

    [Fact]
    public void The_key_of_a_web_server_does_not_sign_records()
    {
        using var authority = TestCertificates.Authority();
        using var server = TestCertificates.Person("www", authority, forServers: true);
        Trust("lab.pem", authority);

        Assert.Contains("extended key usage", Judge(server).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_untrusted_signer_is_named_all_the_same()
    {
        using var eve = TestCertificates.Person("Eve");

        var verification = CmsVerifier.Verify(
            Statement, new CmsForge(Statement, eve).Build(), TrustedCertificates.Load(_layout), TestCertificates.Now);

        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.Equal("Eve", verification.Signer!.Name);
        Assert.False(verification.IsTrusted);
    }

    [Fact]
    public void A_file_that_holds_no_certificate_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(_layout.Trust, "notes.pem"), "nothing");

        var error = Assert.Throws<TrustException>(() => TrustedCertificates.Load(_layout));

        Assert.EndsWith("notes.pem': holds no certificate", error.Message, StringComparison.Ordinal);
    }

    private CertificateTrust Judge(X509Certificate2 certificate, byte[]? hint = null, DateTimeOffset? at = null) =>
        TrustedCertificates.Load(_layout).Judge(certificate, hint is null ? [] : [hint], at ?? TestCertificates.Now);

    private void Trust(string name, X509Certificate2 certificate) =>
        File.WriteAllText(Path.Combine(_layout.Trust, name), certificate.ExportCertificatePem());
}
