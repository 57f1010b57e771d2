using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>What <c>openssl cms -verify</c> lets through, or takes for the same signature, and this does not.</summary>
public sealed class CmsAttackTests : IDisposable
{
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Sha224 = "2.16.840.1.101.3.4.2.4";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string EcdsaWithSha224 = "1.2.840.10045.4.3.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";

    /// <summary>Of the group of P-256. Source: SEC 2, §2.4.2.</summary>
    private static readonly BigInteger Order =
        BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);

    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"https://in-toto.io/Statement/v1"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _ada = TestCertificates.Person();
    private readonly TestAuthority _clock = new();

    public void Dispose()
    {
        _clock.Dispose();
        _ada.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Other_content_embedded_in_a_signature_over_the_file_is_refused() =>
        Refused(SignatureOutcome.Malformed, "content of its own", new CmsForge(Statement, _ada) { Embedded = [.. Statement, (byte)'\n'] });

    /// <summary>(r, n − s) verifies wherever (r, s) does: only what is over the value itself tells the two apart.</summary>
    [Fact]
    public void A_signature_turned_round_loses_its_time_stamp()
    {
        var right = new CmsForge(Statement, _ada) { Unsigned = Stamp };
        Assert.NotNull(Verify(right).ProvenTime);

        Refused(SignatureOutcome.Wrong, "its time stamp is of something else", new CmsForge(Statement, _ada) { Mangle = TurnedRound, Unsigned = Stamp });
    }

    [Fact]
    public void A_signature_turned_round_proves_no_time_of_its_own()
    {
        var verification = Verify(new CmsForge(Statement, _ada) { Mangle = TurnedRound });

        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.Null(verification.ProvenTime);
    }

    [Theory]
    [InlineData(Sha256, Sha256, 0)]
    [InlineData(Sha256, Sha256, 20)]
    [InlineData(Sha256, Sha1, 32)]
    [InlineData(Sha256, Sha224, 32)]
    [InlineData(Sha224, Sha224, 28)]
    [InlineData(Sha1, Sha1, 20)]
    public void Pss_with_other_parameters_than_the_digest_s_is_refused(string hash, string mask, int salt)
    {
        using var rsa = TestCertificates.RsaPerson(3072);

        Refused(SignatureOutcome.Unsupported, "RSA-PSS parameters", new CmsForge(Statement, rsa)
        {
            SignatureAlgorithm = CmsForge.Algorithm(RsaPss, parameters => CmsForge.WritePss(parameters, hash, mask, salt)),
            Signing = data =>
            {
                using var key = rsa.GetRSAPrivateKey()!;
                return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
            },
        });
    }

    [Fact]
    public void Digest_sha224_is_refused() => Refused(SignatureOutcome.Unsupported, Sha224, new CmsForge(Statement, _ada)
    {
        DigestAlgorithm = CmsForge.Algorithm(Sha224),
        SignatureAlgorithm = CmsForge.Algorithm(EcdsaWithSha224),
    });

    [Fact]
    public void Signature_over_sha224_beside_a_good_digest_is_refused() => Refused(
        SignatureOutcome.Unsupported, EcdsaWithSha224, new CmsForge(Statement, _ada) { SignatureAlgorithm = CmsForge.Algorithm(EcdsaWithSha224) });

    private byte[] Stamp(byte[] signature) => _clock.Stamp(signature, TestCertificates.Now);

    private static byte[] TurnedRound(byte[] signature)
    {
        var sequence = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
        var (r, s) = (sequence.ReadInteger(), sequence.ReadInteger());
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(r);
            writer.WriteInteger(Order - s);
        }

        return writer.Encode();
    }

    private void Refused(SignatureOutcome outcome, string reason, CmsForge forge)
    {
        var verification = Verify(forge);
        Assert.Equal(outcome, verification.Outcome);
        Assert.Contains(reason, verification.Problem, StringComparison.Ordinal);
        Assert.Null(verification.Signer);
    }

    private SignatureVerification Verify(CmsForge forge)
    {
        string person = Path.Combine(_folder.Path, "ada.pem"), clock = Path.Combine(_folder.Path, "clock.pem");
        File.WriteAllText(person, _ada.ExportCertificatePem());
        File.WriteAllText(clock, _clock.Root.ExportCertificatePem());
        var trusted = TrustedCertificates.FromFiles([person], TimestampAuthorities.FromFiles([clock]));
        return CmsVerifier.Verify(Statement, forge.Build(), trusted, TestCertificates.Now);
    }
}
