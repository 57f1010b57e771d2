using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>The strict verifier against every forgery we know; most of them pass SignedCms or openssl.</summary>
public sealed class CmsVerifierTests : IDisposable
{
    private const string Md5 = "1.2.840.113549.2.5";
    private const string Sha1 = "1.3.14.3.2.26";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string EcdsaWithSha1 = "1.2.840.10045.4.1";
    private const string RsaPkcs1WithSha256 = "1.2.840.113549.1.1.11";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string TimestampInfo = "1.2.840.113549.1.9.16.1.4";

    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"https://in-toto.io/Statement/v1"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _ada = TestCertificates.Person();

    public void Dispose()
    {
        _ada.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_we_sign_is_valid_and_tells_who_signed()
    {
        using var key = SigningKey.Create("Ada Lovelace", TestCertificates.Now);
        byte[] p7s = CmsSigner.Sign(Statement, key, new FakeTimeProvider(TestCertificates.Now));

        var verification = CmsVerifier.Verify(Statement, p7s, Trusting(key.Certificate), TestCertificates.Now);

        Assert.Null(verification.Problem);
        Assert.Equal(SignatureOutcome.Valid, verification.Outcome);
        Assert.Equal("ECDSA P-256 with SHA-256", verification.Algorithm);
        Assert.Equal("Ada Lovelace", verification.Signer!.Name);
        Assert.Equal(TestCertificates.Now, verification.ClaimedTime);
        Assert.True(verification.IsTrusted);
    }

    [Fact]
    public void The_forge_makes_a_right_one_unless_told_otherwise()
    {
        var verification = Verify(new CmsForge(Statement, _ada));

        Assert.Null(verification.Problem);
        Assert.True(verification.IsTrusted);
    }

    [Fact]
    public void Another_content_is_refused()
    {
        byte[] p7s = new CmsForge(Statement, _ada).Build();
        byte[] changed = [.. Statement];
        changed[9] ^= 1;

        Refused(SignatureOutcome.Wrong, "is of another content", Verify(changed, p7s));
    }

    [Fact]
    public void Flipped_bit_in_the_signature_is_refused() => Refused(SignatureOutcome.Wrong, "did not sign this", new CmsForge(Statement, _ada)
    {
        Mangle = signature =>
        {
            signature[^1] ^= 1;
            return signature;
        },
    });

    [Fact]
    public void Signed_attributes_offered_as_content_are_refused()
    {
        byte[] attributes = new CmsForge(Statement, _ada).SignedAttributes();
        byte[] p7s = new CmsForge(attributes, _ada) { WithSignedAttributes = false }.Build();

        Refused(SignatureOutcome.Malformed, "'{' expected first", Verify(attributes, p7s));
    }

    [Fact]
    public void Signature_without_signed_attributes_is_refused() =>
        Refused(SignatureOutcome.Malformed, "no signed attributes", new CmsForge(Statement, _ada) { WithSignedAttributes = false });

    [Fact]
    public void Content_type_of_the_message_changed_is_refused() =>
        Refused(SignatureOutcome.Malformed, "another content type", new CmsForge(Statement, _ada) { ContentType = TimestampInfo });

    [Fact]
    public void Content_type_attribute_changed_is_refused() => Refused(
        SignatureOutcome.Malformed, "attribute is not id-data", new CmsForge(Statement, _ada) { SignedContentType = TimestampInfo });

    [Fact]
    public void Embedded_content_is_refused() =>
        Refused(SignatureOutcome.Malformed, "content of its own", new CmsForge(Statement, _ada) { Embedded = Statement });

    [Fact]
    public void Trailing_bytes_are_refused() =>
        Refused(SignatureOutcome.Malformed, "bytes after its end", Verify(Statement, [.. new CmsForge(Statement, _ada).Build(), 0]));

    [Fact]
    public void No_signing_certificate_attribute_is_refused() =>
        Refused(SignatureOutcome.Malformed, "signing-certificate-v2", new CmsForge(Statement, _ada) { WithSigningCertificate = false });

    [Fact]
    public void No_signing_time_is_refused() =>
        Refused(SignatureOutcome.Malformed, "signing-time", new CmsForge(Statement, _ada) { WithTime = false });

    [Fact]
    public void An_attribute_that_stands_twice_is_refused() =>
        Refused(SignatureOutcome.Malformed, "stands twice", new CmsForge(Statement, _ada) { TwiceTheDigest = true });

    [Fact]
    public void Certificate_swapped_for_another_of_the_same_key_is_refused()
    {
        using var twin = TestCertificates.Twin(_ada, "Eve");

        Refused(SignatureOutcome.Wrong, "not in it", new CmsForge(Statement, _ada) { Certificates = [twin] });
    }

    [Fact]
    public void Signature_by_another_key_than_the_named_certificate_is_refused()
    {
        using var eve = TestCertificates.Person("Eve");
        using var key = eve.GetECDsaPrivateKey()!;

        Refused(SignatureOutcome.Wrong, "did not sign this", new CmsForge(Statement, _ada)
        {
            Signing = data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        });
    }

    [Fact]
    public void No_signer_is_refused() =>
        Refused(SignatureOutcome.Malformed, "no signer", new CmsForge(Statement, _ada) { Signers = 0 });

    [Fact]
    public void Two_signers_are_refused() =>
        Refused(SignatureOutcome.Malformed, "more than one signer", new CmsForge(Statement, _ada) { Signers = 2 });

    [Fact]
    public void No_certificate_is_refused() =>
        Refused(SignatureOutcome.Malformed, "no certificates", new CmsForge(Statement, _ada) { Certificates = [] });

    [Fact]
    public void Another_version_is_refused() =>
        Refused(SignatureOutcome.Unsupported, "another version", new CmsForge(Statement, _ada) { Version = 3 });

    [Fact]
    public void Unsigned_attribute_that_cannot_be_checked_is_refused() =>
        Refused(SignatureOutcome.Malformed, "its time stamp is no token of RFC 3161", new CmsForge(Statement, _ada) { Unsigned = _ => [4, 1, 1] });

    [Fact]
    public void Digest_md5_is_refused() => Refused(SignatureOutcome.Weak, Md5, new CmsForge(Statement, _ada)
    {
        Hash = HashAlgorithmName.MD5,
        DigestAlgorithm = CmsForge.Algorithm(Md5),
    });

    [Fact]
    public void Digest_sha1_with_ecdsa_is_refused() => Refused(SignatureOutcome.Weak, Sha1, new CmsForge(Statement, _ada)
    {
        Hash = HashAlgorithmName.SHA1,
        DigestAlgorithm = CmsForge.Algorithm(Sha1),
        SignatureAlgorithm = CmsForge.Algorithm(EcdsaWithSha1),
    });

    [Fact]
    public void Signature_over_sha1_beside_a_good_digest_is_refused()
    {
        using var key = _ada.GetECDsaPrivateKey()!;

        Refused(SignatureOutcome.Unsupported, EcdsaWithSha1, new CmsForge(Statement, _ada)
        {
            SignatureAlgorithm = CmsForge.Algorithm(EcdsaWithSha1),
            Signing = data => key.SignHash(CryptographicOperations.HashData(HashAlgorithmName.SHA1, data), DSASignatureFormat.Rfc3279DerSequence),
        });
    }

    [Fact]
    public void Curve_brainpool_is_refused()
    {
        using var brainpool = TestCertificates.Person(curve: ECCurve.NamedCurves.brainpoolP256r1);

        Refused(SignatureOutcome.Unsupported, "curve '1.3.36.3.3.2.8.1.1.7'", new CmsForge(Statement, brainpool));
    }

    [Fact]
    public void Rsa_of_1024_bits_is_refused() => RefusedRsa(1024, "an RSA key of 1024 bits", HashAlgorithmName.SHA256, 32, SignatureOutcome.Weak);

    [Fact]
    public void Rsa_with_pkcs1_padding_is_refused()
    {
        using var rsa = TestCertificates.RsaPerson(3072);
        using var key = rsa.GetRSAPrivateKey()!;

        Refused(SignatureOutcome.Unsupported, RsaPkcs1WithSha256, new CmsForge(Statement, rsa)
        {
            SignatureAlgorithm = CmsForge.Algorithm(RsaPkcs1WithSha256, parameters => parameters.WriteNull()),
            Signing = data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        });
    }

    [Fact]
    public void Pss_with_a_short_salt_is_refused() => RefusedRsa(3072, "RSA-PSS parameters", HashAlgorithmName.SHA256, 20);

    [Fact]
    public void Pss_with_the_default_parameters_of_sha1_is_refused()
    {
        using var rsa = TestCertificates.RsaPerson(3072);
        using var key = rsa.GetRSAPrivateKey()!;

        Refused(SignatureOutcome.Unsupported, "RSA-PSS parameters", new CmsForge(Statement, rsa)
        {
            SignatureAlgorithm = CmsForge.Algorithm(RsaPss, parameters => parameters.PushSequence().Dispose()),
            Signing = data => key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pss),
        });
    }

    [Fact]
    public void Plain_pss_of_3072_bits_is_valid()
    {
        using var rsa = TestCertificates.RsaPerson(3072);

        var verification = CmsVerifier.Verify(
            Statement, PssForge(rsa, HashAlgorithmName.SHA256, 32).Build(), Trusting(rsa), TestCertificates.Now);

        Assert.Null(verification.Problem);
        Assert.Equal("RSA-PSS 3072 with SHA-256", verification.Algorithm);
    }

    /// <summary>Wycheproof ecdsa_secp256r1_sha256, MissingZero: .NET itself verifies it.</summary>
    [Fact]
    public void Ecdsa_value_that_is_not_der_is_refused()
    {
        bool found = false;
        for (int i = 0; i < 64 && !found; i++)
        {
            var forge = new CmsForge(Statement, _ada)
            {
                Mangle = signature =>
                {
                    found = signature[4] == 0;
                    return found ? WithoutLeadingZero(signature) : signature;
                },
            };
            byte[] p7s = forge.Build();
            if (found)
            {
                Refused(SignatureOutcome.Malformed, "the ECDSA value is not DER", Verify(Statement, p7s));
            }
        }

        Assert.True(found);
    }

    [Fact]
    public void Indefinite_length_is_refused()
    {
        byte[] der = new CmsForge(Statement, _ada).Build();
        Assert.Equal(0x82, der[1]);
        byte[] ber = [0x30, 0x80, .. der[4..], 0, 0];

        Refused(SignatureOutcome.Malformed, "is not DER", Verify(Statement, ber));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    public void Zeros_are_refused(int length) =>
        Assert.Equal(SignatureOutcome.Malformed, Verify(Statement, new byte[length]).Outcome);

    [Fact]
    public void A_hundred_thousand_nested_sequences_are_refused()
    {
        byte[] nested = [.. Enumerable.Repeat(new byte[] { 0x30, 0x80 }, 100_000).SelectMany(pair => pair)];

        Assert.Equal(SignatureOutcome.Malformed, Verify(Statement, nested).Outcome);
    }

    [Fact]
    public void More_than_the_allowed_size_is_refused() => Refused(
        SignatureOutcome.Malformed, "at most 262144 are allowed", Verify(Statement, new byte[CmsVerifier.MaxSignatureBytes + 1]));

    /// <summary>SignedCms lets 16 % of the flips pass: versions, algorithm lists, what nobody signs. Here every bit counts.</summary>
    [Fact]
    public void No_single_bit_can_be_changed()
    {
        byte[] p7s = new CmsForge(Statement, _ada).Build();
        var trusted = Trusting(_ada);
        var accepted = new List<int>();
        for (int bit = 0; bit < p7s.Length * 8; bit++)
        {
            p7s[bit / 8] ^= (byte)(1 << (bit % 8));
            if (CmsVerifier.Verify(Statement, p7s, trusted, TestCertificates.Now).Outcome == SignatureOutcome.Valid)
            {
                accepted.Add(bit);
            }

            p7s[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Empty(accepted);
    }

    private static byte[] WithoutLeadingZero(byte[] signature) =>
        [0x30, (byte)(signature[1] - 1), 0x02, (byte)(signature[3] - 1), .. signature[5..]];

    private static CmsForge PssForge(X509Certificate2 rsa, HashAlgorithmName hash, int salt) => new(Statement, rsa)
    {
        SignatureAlgorithm = CmsForge.Algorithm(RsaPss, parameters => CmsForge.WritePss(parameters, Sha256, Sha256, salt)),
        Signing = data =>
        {
            using var key = rsa.GetRSAPrivateKey()!;
            return key.SignData(data, hash, RSASignaturePadding.Pss);
        },
    };

    private static void Refused(SignatureOutcome outcome, string reason, SignatureVerification verification)
    {
        Assert.Equal((outcome, reason), (verification.Outcome, verification.Problem is { } problem && problem.Contains(reason, StringComparison.Ordinal) ? reason : verification.Problem));
        Assert.False(verification.IsTrusted);
        Assert.Null(verification.Signer);
    }

    private void RefusedRsa(
        int bits, string reason, HashAlgorithmName hash, int salt, SignatureOutcome outcome = SignatureOutcome.Unsupported)
    {
        using var rsa = TestCertificates.RsaPerson(bits);

        Refused(outcome, reason, PssForge(rsa, hash, salt));
    }

    private void Refused(SignatureOutcome outcome, string reason, CmsForge forge) =>
        Refused(outcome, reason, Verify(Statement, forge.Build()));

    private SignatureVerification Verify(CmsForge forge) => Verify(Statement, forge.Build());

    private SignatureVerification Verify(byte[] statement, byte[] p7s) =>
        CmsVerifier.Verify(statement, p7s, Trusting(_ada), TestCertificates.Now);

    private TrustedCertificates Trusting(X509Certificate2 certificate)
    {
        string file = Path.Combine(_folder.Path, $"{Digest.Of(certificate.RawData).Abbreviated}.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return TrustedCertificates.FromFiles([file]);
    }
}
