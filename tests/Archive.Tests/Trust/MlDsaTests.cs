using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Signatures and keys of ML-DSA-65, whoever computes them.</summary>
public sealed class MlDsaTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(TestCertificates.Now);
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"x"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly KeyStore _keys;

    public MlDsaTests()
    {
        _layout = new StoreLayout(_folder.Path);
        _keys = new KeyStore(_layout, _ => { }, Clock);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_that_was_kept_signs_and_is_verified()
    {
        _keys.Create("Ada", KeyAlgorithm.MlDsa65).Dispose();

        var verification = Verify(Sign());

        Assert.Null(verification.Problem);
        Assert.Equal("ML-DSA-65 with SHA-512", verification.Algorithm);
        Assert.True(verification is { IsTrusted: true, IsPostQuantum: true });
        Assert.Equal("Ada", verification.Signer!.Name);
        Assert.Equal(TestCertificates.Now, verification.ClaimedTime);
        Assert.Equal("ML-DSA-65", Assert.Single(_keys.List()).Algorithm);
    }

    [Fact]
    public void Every_bit_of_it_counts()
    {
        _keys.Create("Ada", KeyAlgorithm.MlDsa65).Dispose();
        byte[] p7s = Sign();

        // The self-signed certificate's own signature is nobody's proof: whoever trusts the certificate trusts its very bytes.
        for (int at = 0; at < p7s.Length; at += 37)
        {
            byte[] changed = [.. p7s];
            changed[at] ^= 1;
            Assert.False(Verify(changed).IsTrusted, $"byte {at}");
        }
    }

    [Fact]
    public void Another_statement_is_not_signed() => WithKey(() =>
        Assert.Equal("is of another content", CmsVerifier.Verify(Encoding.UTF8.GetBytes("""{"_type":"y"}"""), Sign(), Trusted(), TestCertificates.Now).Problem));

    [Fact]
    public void The_digest_must_be_sha_512() => WithKey(() =>
    {
        var cms = CmsReader.Read(Sign());
        using var certificate = X509CertificateLoader.LoadCertificate(cms.Certificates[0]);
        var weaker = cms with { DigestAlgorithm = new AlgorithmIdentifier("2.16.840.1.101.3.4.2.1", null) };

        Assert.Contains("does not go with digest", Assert.Throws<CmsException>(() => SignatureScheme.Verify(weaker, certificate)).Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void An_algorithm_that_is_not_the_keys_is_refused() => WithKey(() =>
    {
        var cms = CmsReader.Read(Sign());
        using var certificate = X509CertificateLoader.LoadCertificate(cms.Certificates[0]);
        var other = cms with { SignatureAlgorithm = new AlgorithmIdentifier("2.16.840.1.101.3.4.3.19", null) };

        Assert.Contains("is not accepted", Assert.Throws<CmsException>(() => SignatureScheme.Verify(other, certificate)).Reason, StringComparison.Ordinal);
    });

    [Fact]
    public void Two_signatures_of_one_statement_differ_and_both_hold() => WithKey(() =>
    {
        byte[] one = Sign();
        byte[] other = Sign();

        Assert.NotEqual(one, other);
        Assert.True(Verify(one).IsTrusted && Verify(other).IsTrusted);
    });

    [Fact]
    public void Seed_and_expanded_key_are_read_as_the_seed()
    {
        using var key = MlDsaKey.Make();
        byte[] both = BothForms(key.Pkcs8());

        using var read = MlDsaKey.OfPkcs8(both)!;

        Assert.Equal(key.PublicKeyInfo(), read.PublicKeyInfo());
    }

    [Fact]
    public void A_key_of_another_algorithm_is_not_taken()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Null(MlDsaKey.OfPkcs8(other.ExportPkcs8PrivateKey()));
        Assert.Throws<CryptographicException>(() => MlDsaKey.OfPkcs8("nothing"u8.ToArray()));
    }

    [Fact]
    public void A_key_that_is_not_the_certificates_is_refused()
    {
        _keys.Create("Ada", KeyAlgorithm.MlDsa65).Dispose();
        using var other = SigningKey.Create("Eve", TestCertificates.Now, KeyAlgorithm.MlDsa65);
        File.WriteAllText(_keys.List()[0].KeyPath, other.KeyPem());

        Assert.Contains("the key is not the certificate's", Assert.Throws<TrustException>(_keys.Find).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_certificate_nobody_trusts_it()
    {
        using var eve = SigningKey.Create("Eve", TestCertificates.Now, KeyAlgorithm.MlDsa65);

        var verification = CmsVerifier.Verify(Statement, CmsSigner.Sign(Statement, eve, Clock), TrustedCertificates.FromFiles([]), TestCertificates.Now);

        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.False(verification.IsTrusted);
    }

    [Fact]
    public void A_request_that_another_key_signed_is_not_certified()
    {
        using var authority = CertificateAuthority.Create(_layout, "Lab", _ => { }, Clock);
        using var ada = SigningKey.Create("Ada", TestCertificates.Now, KeyAlgorithm.MlDsa65);
        string pem = ada.RequestPem();
        byte[] der = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        der[^1] ^= 1;

        Assert.NotEmpty(authority.Issue(pem, TimeSpan.FromDays(30)));
        var problem = Assert.Throws<TrustException>(() =>
            authority.Issue(PemEncoding.WriteString("CERTIFICATE REQUEST", der), TimeSpan.FromDays(30)));
        Assert.Contains("is not signed by the key that is in it", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-24", true)]
    [InlineData("2019-01-01", false)]
    [InlineData("2041-01-01", false)]
    public void An_authority_vouches_while_it_is_valid(string at, bool trusted)
    {
        using var authority = TestCertificates.Authority();

        Assert.Equal(trusted, Judge(authority, authority, DateTimeOffset.Parse(at + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture)).IsTrusted);
    }

    [Fact]
    public void An_authority_of_the_same_name_vouches_for_nobody()
    {
        using var authority = TestCertificates.Authority();
        using var other = TestCertificates.Authority();

        Assert.Equal("no way to an authority trusted here (PartialChain)", Judge(other, authority, TestCertificates.Now).Reason);
    }

    [Fact]
    public void Who_is_no_authority_vouches_for_nobody_however_trusted()
    {
        using var authority = TestCertificates.Authority();
        using var person = TestCertificates.Person("Eve", authority);

        Assert.False(Judge(person, authority, TestCertificates.Now).IsTrusted);
        Assert.False(Judge(person, authority, TestCertificates.Now, [person.RawData]).IsTrusted);
    }

    /// <summary>Of a certificate of an ML-DSA key that somebody has issued.</summary>
    private CertificateTrust Judge(X509Certificate2 issuer, X509Certificate2 authority, DateTimeOffset at, IReadOnlyList<byte[]>? hints = null)
    {
        using var key = MlDsaKey.Make();
        var request = new CertificateRequest(
            new X500DistinguishedName("CN=Ada"), PublicKey.CreateFromSubjectPublicKeyInfo(key.PublicKeyInfo(), out _), HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        using var signer = issuer.GetECDsaPrivateKey()!;
        var from = TestCertificates.From.AddYears(-5);
        using var certificate = request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), from, from.AddYears(50), [0x40, 1]);
        string path = Path.Combine(_folder.Path, "authority.pem");
        File.WriteAllText(path, authority.ExportCertificatePem());
        return TrustedCertificates.FromFiles([path]).Judge(certificate, hints ?? [], at);
    }

    private void WithKey(Action test)
    {
        _keys.Create("Ada", KeyAlgorithm.MlDsa65).Dispose();
        test();
    }

    private byte[] Sign()
    {
        using var key = _keys.Find()!;
        return CmsSigner.Sign(Statement, key, Clock);
    }

    private TrustedCertificates Trusted() => TrustedCertificates.Load(_layout);

    private SignatureVerification Verify(byte[] p7s) => CmsVerifier.Verify(Statement, p7s, Trusted(), TestCertificates.Now);

    /// <summary>RFC 9881 §6: SEQUENCE { seed, expanded key }, as openssl writes it; the second is not looked at.</summary>
    private static byte[] BothForms(byte[] seedOnly)
    {
        byte[] seed = seedOnly[^32..];
        var key = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteOctetString(seed);
            key.WriteOctetString(new byte[4032]);
        }

        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteEncodedValue(CmsForge.Algorithm("2.16.840.1.101.3.4.3.18"));
            writer.WriteOctetString(key.Encode());
        }

        return writer.Encode();
    }
}
