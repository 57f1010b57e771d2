using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>What we sign, openssl verifies alone; what openssl signs, we verify.</summary>
public sealed class OpenSslTests : IDisposable
{
    private static readonly byte[] Statement = RecordJson.Serialize(RecordSamples.Run());

    private readonly TemporaryFolder _folder = new();

    public OpenSslTests() => Tool.Require("openssl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Openssl_alone_verifies_a_record_and_refuses_one_changed_byte()
    {
        using var key = SigningKey.Create("Ada Löwe", TestCertificates.Now);
        Write("statement", Statement);
        Write("s.p7s", CmsSigner.Sign(Statement, key, new FakeTimeProvider(TestCertificates.Now)));
        Write("cert.pem", Encoding.ASCII.GetBytes(key.CertificatePem()));

        var (status, output) = CmsVerify("cert.pem");
        Assert.True(status == 0, output);

        byte[] changed = [.. Statement];
        changed[100] ^= 1;
        Write("statement", changed);
        var (refused, reason) = CmsVerify("cert.pem");
        Assert.NotEqual(0, refused);
        Assert.Contains("Verification failure", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Openssl_reads_the_private_key_and_finds_it_is_the_certificates()
    {
        using var key = SigningKey.Create("Ada", TestCertificates.Now);
        Write("key.pem", Encoding.ASCII.GetBytes(key.KeyPem()));
        Write("cert.pem", Encoding.ASCII.GetBytes(key.CertificatePem()));

        string fromKey = Openssl("pkey", "-in", "key.pem", "-pubout");
        string fromCertificate = Openssl("x509", "-in", "cert.pem", "-noout", "-pubkey");

        Assert.Equal(fromKey, fromCertificate);
        Assert.Contains(
            string.Join(':', Convert.ToHexString(key.Signer.Fingerprint.ToBytes()).Chunk(2).Select(pair => new string(pair))),
            Openssl("x509", "-in", "cert.pem", "-noout", "-fingerprint", "-sha256"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_by_openssl_with_a_certificate_of_the_laboratory_is_trusted_through_its_authority()
    {
        using var authority = TestCertificates.Authority();
        using var ada = TestCertificates.Person("Ada", authority);
        Write("ca.pem", Encoding.ASCII.GetBytes(authority.ExportCertificatePem()));
        Write("ada.pem", Encoding.ASCII.GetBytes(ada.ExportCertificatePem()));
        Write("statement", Statement);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(ada)!;
        Write("key.pem", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        Openssl(
            "cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", "sha256",
            "-in", "statement", "-signer", "ada.pem", "-inkey", "key.pem", "-certfile", "ca.pem", "-out", "s.p7s");

        var verification = CmsVerifier.Verify(
            Statement, File.ReadAllBytes(PathOf("s.p7s")), TrustedCertificates.FromFiles([PathOf("ca.pem")]), TestCertificates.Now);

        Assert.Null(verification.Problem);
        Assert.Equal("vouched for by CN=Lab CA", verification.Trust!.Reason);
        Assert.True(verification.IsTrusted);
    }

    [Theory]
    [InlineData("sha256", true)]
    [InlineData("sha1", false)]
    public void A_certificate_signed_by_pss_counts_by_its_hash(string hash, bool isTrusted)
    {
        Write("statement", Statement);
        Write("extensions", Encoding.ASCII.GetBytes("keyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n"));
        string days = "36500";
        Openssl("req", "-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", "ca.key", "-subj", "/CN=Lab", "-days", days, "-out", "ca.pem");
        Openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-subj", "/CN=Ada", "-out", "ada.csr");
        Openssl(
            "x509", "-req", "-in", "ada.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days, "-extfile", "extensions",
            $"-{hash}", "-sigopt", "rsa_padding_mode:pss", "-sigopt", $"rsa_mgf1_md:{hash}", "-out", "ada.pem");
        Openssl(
            "cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", "sha256",
            "-in", "statement", "-signer", "ada.pem", "-inkey", "key.pem", "-out", "s.p7s");

        var verification = CmsVerifier.Verify(
            Statement, File.ReadAllBytes(PathOf("s.p7s")), TrustedCertificates.FromFiles([PathOf("ca.pem")]), DateTimeOffset.UtcNow.AddMinutes(1));

        Assert.Null(verification.Problem);
        Assert.True(verification.IsTrusted == isTrusted, verification.Trust!.Reason);
        Assert.True(isTrusted || verification.Trust.Reason.Contains("RSA-PSS over another hash", StringComparison.Ordinal), verification.Trust.Reason);
    }

    [Fact]
    public void A_curve_given_by_explicit_parameters_is_refused()
    {
        Write("statement", Statement);
        Openssl("ecparam", "-name", "prime256v1", "-param_enc", "explicit", "-genkey", "-noout", "-out", "key.pem");
        Openssl(
            "req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=Eve", "-out", "eve.pem",
            "-addext", "keyUsage=critical,digitalSignature");
        Openssl(
            "cms", "-sign", "-cades", "-binary", "-outform", "DER", "-md", "sha256",
            "-in", "statement", "-signer", "eve.pem", "-inkey", "key.pem", "-out", "s.p7s");

        var verification = CmsVerifier.Verify(
            Statement, File.ReadAllBytes(PathOf("s.p7s")), TrustedCertificates.FromFiles([]), TestCertificates.Now);

        Assert.NotEqual(SignatureOutcome.Valid, verification.Outcome);
        Assert.Contains("curve", verification.Problem, StringComparison.Ordinal);
    }

    private (int Status, string Output) CmsVerify(string authorities) => Tool.Run(
        _folder.Path, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s",
        "-content", "statement", "-CAfile", authorities, "-out", "/dev/null");

    private string Openssl(params string[] arguments)
    {
        var (status, output) = Tool.Run(_folder.Path, "openssl", arguments);
        Assert.True(status == 0, output);
        return output;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Write(string name, byte[] content) => File.WriteAllBytes(PathOf(name), content);
}
