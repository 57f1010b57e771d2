using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Project Wycheproof's signatures, right ones and wrong ones by every known mistake, through our verifier.</summary>
public sealed class WycheproofTests
{
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string Sha384 = "2.16.840.1.101.3.4.2.2";
    private const string Sha512 = "2.16.840.1.101.3.4.2.3";
    private const string Pss = "1.2.840.113549.1.1.10";

    private static readonly X509Certificate2 Authority = TestCertificates.Authority();

    [Theory]
    [InlineData("ecdsa_secp256r1_sha256", Sha256, "1.2.840.10045.4.3.2")]
    [InlineData("ecdsa_secp384r1_sha384", Sha384, "1.2.840.10045.4.3.3")]
    [InlineData("ecdsa_secp521r1_sha512", Sha512, "1.2.840.10045.4.3.4")]
    public void Ecdsa(string file, string hash, string algorithm)
    {
        var (accepted, refused) = Judge(file, hash, new AlgorithmIdentifier(algorithm, null), isTaken: true);

        Assert.True(accepted > 100 && refused > 100, $"{accepted} accepted, {refused} refused");
    }

    [Theory]
    [InlineData("rsa_pss_3072_sha256_mgf1_32", Sha256, 32)]
    [InlineData("rsa_pss_4096_sha384_mgf1_48", Sha384, 48)]
    [InlineData("rsa_pss_4096_sha512_mgf1_64", Sha512, 64)]
    public void Rsa_pss(string file, string hash, int salt)
    {
        var (accepted, refused) = Judge(file, hash, new AlgorithmIdentifier(Pss, Parameters(hash, salt)), isTaken: true);

        Assert.True(accepted > 10 && refused > 10, $"{accepted} accepted, {refused} refused");
    }

    [Theory]
    [InlineData("mldsa_65_verify", "2.16.840.1.101.3.4.3.18")]
    [InlineData("mldsa_87_verify", "2.16.840.1.101.3.4.3.19")]
    public void Ml_dsa(string file, string algorithm)
    {
        var (accepted, refused) = Judge(file, Sha512, new AlgorithmIdentifier(algorithm, null), isTaken: true);

        Assert.True(accepted > 50 && refused > 50, $"{accepted} accepted, {refused} refused");
    }

    /// <summary>A key that is too short, and a salt of another length than the hash: right signatures are refused as well.</summary>
    [Theory]
    [InlineData("rsa_pss_2048_sha256_mgf1_32", Sha256, 32)]
    [InlineData("rsa_pss_4096_sha512_mgf1_32", Sha512, 32)]
    public void Forms_that_are_not_taken(string file, string hash, int salt) =>
        Assert.Equal(0, Judge(file, hash, new AlgorithmIdentifier(Pss, Parameters(hash, salt)), isTaken: false).Accepted);

    private static (int Accepted, int Refused) Judge(string file, string hash, AlgorithmIdentifier algorithm, bool isTaken)
    {
        int accepted = 0;
        int refused = 0;
        var wrong = new List<string>();
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFolder.Vectors, "wycheproof", $"{file}_test.json")));
        foreach (var group in vectors.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            using var certificate = CertificateOf(Convert.FromHexString(group.GetProperty("publicKeyDer").GetString()!));

            // A context (FIPS 204 §5.2) is none of CMS: those vectors are not ours.
            foreach (var test in group.GetProperty("tests").EnumerateArray().Where(test => !test.TryGetProperty("ctx", out _)))
            {
                bool isValid = test.GetProperty("result").GetString() == "valid";
                bool verified = IsVerified(test, hash, algorithm, certificate);
                accepted += verified ? 1 : 0;
                refused += verified ? 0 : 1;
                if (verified != (isValid && isTaken))
                {
                    wrong.Add($"{test.GetProperty("tcId")}: {test.GetProperty("comment")}");
                }
            }
        }

        Assert.Empty(wrong);
        return (accepted, refused);
    }

    private static bool IsVerified(JsonElement test, string hash, AlgorithmIdentifier algorithm, X509Certificate2 certificate)
    {
        var cms = new CmsSignedData
        {
            Certificates = [certificate.RawData],
            SignerIssuer = certificate.IssuerName.RawData,
            SignerSerial = certificate.SerialNumberBytes.ToArray(),
            DigestAlgorithm = new AlgorithmIdentifier(hash, null),
            SignatureAlgorithm = algorithm,
            Signature = Convert.FromHexString(test.GetProperty("sig").GetString()!),
            SignedAttributes = Convert.FromHexString(test.GetProperty("msg").GetString()!),
            Attributes = new Dictionary<string, byte[]>(),
            TimestampTokens = [],
        };
        try
        {
            SignatureScheme.Verify(cms, certificate);
            return true;
        }
        catch (Exception e) when (e is CmsException or CryptographicException)
        {
            return false;
        }
    }

    private static X509Certificate2 CertificateOf(byte[] publicKey)
    {
        var request = new CertificateRequest(
            new X500DistinguishedName("CN=Vector"), PublicKey.CreateFromSubjectPublicKeyInfo(publicKey, out _), HashAlgorithmName.SHA384);
        using var key = Authority.GetECDsaPrivateKey()!;
        return request.Create(
            Authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), TestCertificates.From, TestCertificates.Until, [0x40, 1]);
    }

    /// <summary>RSASSA-PSS-params (RFC 4055 §3.1).</summary>
    private static byte[] Parameters(string hash, int salt)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        CmsForge.WritePss(writer, hash, hash, salt);
        return writer.Encode();
    }
}
