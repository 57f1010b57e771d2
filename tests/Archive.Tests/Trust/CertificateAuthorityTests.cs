using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>A laboratory's authority, and those it certifies; each party with an archive of its own.</summary>
public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"x"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Now);
    private readonly StoreLayout _lab;
    private readonly StoreLayout _adas;
    private readonly StoreLayout _readers;
    private readonly KeyStore _keys;

    public CertificateAuthorityTests()
    {
        _lab = Archive("lab");
        _adas = Archive("ada");
        _readers = Archive("reader");
        _keys = new KeyStore(_adas, _ => { }, _clock);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KeyAlgorithm.P256, "ECDSA P-256 with SHA-256")]
    [InlineData(KeyAlgorithm.P384, "ECDSA P-384 with SHA-384")]
    [InlineData(KeyAlgorithm.Rsa3072, "RSA-PSS 3072 with SHA-256")]
    [InlineData(KeyAlgorithm.MlDsa65, "ML-DSA-65 with SHA-512")]
    public void Who_trusts_the_authority_trusts_whom_it_has_certified(KeyAlgorithm algorithm, string name)
    {
        using var authority = Create();
        _keys.Create("Ada", algorithm).Dispose();
        Certify(authority).Dispose();
        Trust(authority);

        var verification = Verify(Sign());

        Assert.Null(verification.Problem);
        Assert.Equal(name, verification.Algorithm);
        Assert.Equal("vouched for by CN=Lab", verification.Trust!.Reason);
        Assert.True(verification.IsTrusted);
        Assert.Equal("Ada", verification.Signer!.Name);
        Assert.Equal("CN=Lab", verification.Signer.Issuer);
    }

    [Fact]
    public void Who_has_not_the_authority_trusts_nobody()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        Certify(authority).Dispose();

        Assert.False(Verify(Sign()).IsTrusted);
    }

    [Fact]
    public void What_the_old_certificate_signed_stays_trusted_where_it_was()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        byte[] before = Sign();
        Certify(authority).Dispose();

        Assert.True(CmsVerifier.Verify(Statement, before, TrustedCertificates.Load(_adas), TestCertificates.Now).IsTrusted);
        Assert.Equal(2, _keys.List().Count);
        Assert.Equal("CN=Lab", _keys.List().Single(key => key.IsActive).Signer.Issuer);
    }

    [Fact]
    public void A_certificate_is_good_as_long_as_was_asked_for()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        using var key = Certify(authority, days: 10);
        Trust(authority);
        byte[] p7s = Sign();

        Assert.True(Verify(p7s, TestCertificates.Now.AddDays(9)).IsTrusted);
        Assert.False(Verify(p7s, TestCertificates.Now.AddDays(11)).IsTrusted);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(335, "")]
    [InlineData(336, "the certificate of Ada ends on 2027-11-24 04:05:06Z; see prov key request")]
    [InlineData(366, "the certificate of Ada ended on 2027-11-24 04:05:06Z: nobody will trust this signature; see prov key request")]
    public void Who_signs_is_told_in_time_that_the_certificate_ends(int daysLater, string warning)
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        using var key = Certify(authority, days: 365);
        _clock.Advance(TimeSpan.FromDays(daysLater));

        var signed = new StatementSigner(_adas, _clock).Sign(Encoding.UTF8.GetBytes($$"""{"signer":"{{key.Signer.PublicKey}}"}"""), key);

        Assert.Equal(warning, string.Concat(signed.Warnings));
    }

    [Fact]
    public void An_authority_vouches_no_longer_than_it_is_good_itself()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();

        var refused = Assert.Throws<TrustException>(() => Certify(authority, days: 21 * 365));

        Assert.Contains("vouches until 2046-11-24", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_withdrawn_certificate_is_refused_where_the_list_is()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        using var key = Certify(authority);
        Trust(authority);
        byte[] p7s = Sign();
        authority.Revoke(Installed(), X509RevocationReason.AffiliationChanged);
        Assert.True(Verify(p7s).IsTrusted);

        File.Copy(authority.ListPath, Path.Combine(_readers.Trust, "lab.crl"));
        Assert.Contains("was revoked on 2026-11-24", Verify(p7s).Trust!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_withdrawal_keeps_the_first()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        Certify(authority).Dispose();
        byte[] first = Sign();
        authority.Revoke(Installed(), X509RevocationReason.Superseded);
        _keys.Create("Ada").Dispose();
        Certify(authority).Dispose();
        byte[] second = Sign();
        authority.Revoke(Installed(), X509RevocationReason.Superseded);
        Trust(authority);
        File.Copy(authority.ListPath, Path.Combine(_readers.Trust, "lab.crl"));

        Assert.False(Verify(first).IsTrusted);
        Assert.False(Verify(second).IsTrusted);
    }

    [Fact]
    public void A_certificate_that_is_withdrawn_again_stays_withdrawn_from_the_first_time_on()
    {
        using var authority = Create();
        _keys.Create("Ada").Dispose();
        Certify(authority).Dispose();
        byte[] p7s = Sign();
        var first = authority.Revoke(Installed(), X509RevocationReason.Superseded);
        _clock.Advance(TimeSpan.FromDays(10));

        Assert.Equal(first, authority.Revoke(Installed(), X509RevocationReason.KeyCompromise));
        Trust(authority);
        File.Copy(authority.ListPath, Path.Combine(_readers.Trust, "lab.crl"));
        Assert.Contains("was revoked on 2026-11-24", Verify(p7s).Trust!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_withdrawn()
    {
        using var authority = Create();
        using var ada = TestCertificates.Person("Ada");
        string path = Path.Combine(_folder.Path, "ada.pem");
        File.WriteAllText(path, ada.ExportCertificatePem());

        Assert.Contains("was issued by CN=Ada, not by CN=Lab", Assert.Throws<TrustException>(() => authority.Revoke(path, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_one_authority_and_its_key_is_for_its_owner_alone()
    {
        Create().Dispose();
        string key = Path.Combine(_lab.Authority, "key.pem");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.Throws<TrustException>(Create);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("others may use this key", Assert.Throws<TrustException>(Open).Message, StringComparison.Ordinal);
        File.Delete(key);
        Assert.Contains("there is no certification authority here", Assert.Throws<TrustException>(Open).Message, StringComparison.Ordinal);
        Assert.Empty(new KeyStore(_lab, _ => { }, _clock).List());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")]
    public void What_is_no_request_is_refused(string request)
    {
        using var authority = Create();

        Assert.Contains("cannot be read", Assert.Throws<TrustException>(() => authority.Issue(request, TimeSpan.FromDays(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_was_changed_is_not_signed_by_its_key()
    {
        using var authority = Create();
        using var key = _keys.Create("Ada");
        string[] lines = key.RequestPem().Split('\n');
        byte[] der = Convert.FromBase64String(string.Concat(lines[1..^2]));
        der[der.AsSpan().IndexOf("Ada"u8)] = (byte)'E';

        Assert.Throws<TrustException>(() => authority.Issue(
            System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE REQUEST", der), TimeSpan.FromDays(1)));
    }

    [Fact]
    public void A_certificate_of_another_key_is_not_installed()
    {
        _keys.Create("Ada").Dispose();
        using var eve = TestCertificates.Person("Eve");
        string path = Path.Combine(_folder.Path, "eve.pem");
        File.WriteAllText(path, eve.ExportCertificatePem());

        Assert.Contains("of none of this archive's keys", Assert.Throws<TrustException>(() => _keys.Install(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Openssl_certifies_a_request_of_ours_and_verifies_what_is_signed_then()
    {
        Tool.Require("openssl");
        using var key = _keys.Create("Ada");
        Write("ada.csr", key.RequestPem());
        Write("ext", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n");
        Openssl("req", "-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Old CA", "-days", "100");
        Openssl("x509", "-req", "-in", "ada.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "ext", "-out", "ada.pem");
        _keys.Install(Path.Combine(_folder.Path, "ada.pem")).Dispose();
        File.WriteAllBytes(Path.Combine(_folder.Path, "s.p7s"), Sign());
        File.WriteAllBytes(Path.Combine(_folder.Path, "statement"), Statement);

        Openssl("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s", "-content", "statement", "-CAfile", "ca.pem", "-out", "/dev/null");
    }

    [Fact]
    public void Openssl_verifies_what_our_authority_has_certified_and_withdrawn()
    {
        Tool.Require("openssl");
        var now = TimeProvider.System;
        using var authority = CertificateAuthority.Create(_lab, "Lab", _ => { }, now);
        using var key = _keys.Create("Ada");
        Write("ada.pem", authority.Issue(key.RequestPem(), TimeSpan.FromDays(30)));

        Assert.Contains("ada.pem: OK", Openssl("verify", "-x509_strict", "-purpose", "smimesign", "-CAfile", authority.CertificatePath, "ada.pem"), StringComparison.Ordinal);
        authority.Revoke(Path.Combine(_folder.Path, "ada.pem"), X509RevocationReason.KeyCompromise);
        var (status, output) = Tool.Run(
            _folder.Path, "openssl", "verify", "-crl_check", "-CRLfile", authority.ListPath, "-CAfile", authority.CertificatePath, "ada.pem");
        Assert.NotEqual(0, status);
        Assert.Contains("certificate revoked", output, StringComparison.Ordinal);
    }

    private StoreLayout Archive(string name)
    {
        var layout = new StoreLayout(Path.Combine(_folder.Path, name));
        Directory.CreateDirectory(layout.Trust);
        Directory.CreateDirectory(layout.Keys);
        return layout;
    }

    private CertificateAuthority Create() => CertificateAuthority.Create(_lab, "Lab", _ => { }, _clock);

    private CertificateAuthority Open() => CertificateAuthority.Open(_lab, _ => { }, _clock);

    private SigningKey Certify(CertificateAuthority authority, int days = 30)
    {
        using var key = _keys.Find()!;
        string path = Path.Combine(_folder.Path, "issued.pem");
        File.WriteAllText(path, authority.Issue(key.RequestPem(), TimeSpan.FromDays(days)));
        return _keys.Install(path);
    }

    private string Installed() => _keys.List().Single(key => key.IsActive).CertificatePath;

    private void Trust(CertificateAuthority authority) => new TrustStore(_readers, _ => { }).AddFile(authority.CertificatePath, forTime: false);

    private byte[] Sign()
    {
        using var key = _keys.Find()!;
        return CmsSigner.Sign(Statement, key, _clock);
    }

    private SignatureVerification Verify(byte[] p7s, DateTimeOffset? at = null) =>
        CmsVerifier.Verify(Statement, p7s, TrustedCertificates.Load(_readers), at ?? TestCertificates.Now);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.Path, name), content);

    private string Openssl(params string[] arguments)
    {
        var (status, output) = Tool.Run(_folder.Path, "openssl", arguments);
        Assert.True(status == 0, output);
        return output;
    }
}
