using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Signatures, tokens, requests, lists and policies with anything done to them: refused in our own words, never anything else.</summary>
public sealed class HostileTrustTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"https://in-toto.io/Statement/v1"}""");

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _clock = new();
    private readonly X509Certificate2 _ada = TestCertificates.Person();

    public void Dispose()
    {
        _clock.Dispose();
        _ada.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_damaged_signature_is_refused_or_says_the_same()
    {
        byte[] p7s = Sign();
        var trusted = Trusted();
        var whole = CmsVerifier.Verify(Statement, p7s, trusted, TestCertificates.Now);
        Assert.True(whole.IsTrusted);

        Damage.Of(p7s).Sample(damaged =>
        {
            var verification = CmsVerifier.Verify(Statement, damaged, trusted, TestCertificates.Now);
            return verification.Outcome != SignatureOutcome.Valid || verification.Signer == whole.Signer;
        });
    }

    [Fact]
    public void A_damaged_token_is_refused_or_says_the_same_time()
    {
        byte[] token = _clock.Stamp(Statement, TestCertificates.Now);
        byte[] Hash(HashAlgorithmName name) => CryptographicOperations.HashData(name, Statement);

        Damage.Of(token).Sample(damaged =>
        {
            try
            {
                return TimestampToken.Verify(damaged, Hash, TimestampAuthorities.None).Time == TestCertificates.Now;
            }
            catch (CmsException)
            {
                return true;
            }
        });
    }

    [Fact]
    public void A_damaged_reply_gives_a_token_of_now_or_none()
    {
        byte[] hash = SHA512.HashData(Statement);
        byte[] damaged = [];
        using var server = LoopbackServer.Replying(_ => damaged);
        var settings = new TimestampSettings { Authorities = [server.Address] };
        byte[] reply = TestAuthority.Granted(_clock.Stamp(Statement, TestCertificates.Now));

        Damage.Of(reply).Sample(
            bytes =>
            {
                damaged = bytes;
                using var client = new TimestampClient(settings, TimestampAuthorities.None, new FakeTimeProvider(TestCertificates.Now));
                try
                {
                    // It has no nonce, and one was asked for: whatever is done to it, it is no answer.
                    client.Stamp(hash, "signature");
                    return false;
                }
                catch (TimestampException)
                {
                    return true;
                }
            },
            threads: 1,
            iter: 50);
    }

    [Fact]
    public void A_damaged_list_of_withdrawn_certificates_is_an_error_or_withdraws_the_same()
    {
        using var authority = TestCertificates.Authority("Lab CA");
        using var eve = TestCertificates.Person("Eve", authority);
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(eve, TestCertificates.Now.AddDays(-1), X509RevocationReason.KeyCompromise);
        byte[] crl = list.Build(authority, 1, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, TestCertificates.Now);
        string path = Path.Combine(_folder.Path, "lab.crl");

        Damage.Of(crl).Sample(
            damaged =>
            {
                File.WriteAllBytes(path, damaged);
                try
                {
                    return RevocationLists.Load(_folder.Path, [authority]).Problem(eve, TestCertificates.Now) is not null;
                }
                catch (TrustException)
                {
                    return true;
                }
            },
            threads: 1);
    }

    /// <summary>Found by fuzzing: entries are read where they are asked for, and the parser's own exceptions got out there.</summary>
    [Theory]
    [InlineData(0x17, 0x1C)] // the date is a text
    [InlineData(0x02, 0x04)] // the serial number is bytes
    [InlineData(0x30, 0x31)] // the entry is a set
    public void A_list_with_a_malformed_entry_is_refused_as_a_whole(byte tag, byte other)
    {
        using var authority = TestCertificates.Authority("Lab CA");
        using var eve = TestCertificates.Person("Eve", authority);
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(eve, TestCertificates.Now.AddDays(-1));
        byte[] crl = list.Build(authority, 1, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, TestCertificates.Now);
        // An entry is a sequence of its serial number and its date.
        int serial = crl.AsSpan().IndexOf((byte[])[0x02, (byte)eve.SerialNumberBytes.Length, .. eve.SerialNumberBytes.Span]);
        int at = tag switch { 0x30 => serial - 2, 0x02 => serial, _ => serial + 2 + eve.SerialNumberBytes.Length };
        Assert.Equal(tag, crl[at]);
        crl[at] = other;
        string path = Path.Combine(_folder.Path, "lab.crl");
        File.WriteAllBytes(path, crl);

        Assert.Contains(
            "cannot be read", Assert.Throws<TrustException>(() => RevocationLists.Load(_folder.Path, [authority])).Message, StringComparison.Ordinal);
        Assert.Null(RevocationLists.Describe(crl, [authority], eve));
        Assert.Empty(RevocationLists.Of([("lab.crl", crl)], [authority], eve, 4).All);
    }

    [Fact]
    public void A_damaged_request_is_refused_or_certifies_the_same_key_under_the_same_name()
    {
        var layout = new StoreLayout(Path.Combine(_folder.Path, "archive"));
        Directory.CreateDirectory(layout.Keys);
        using var authority = CertificateAuthority.Create(layout, "Lab", _ => { }, new FakeTimeProvider(TestCertificates.Now));
        using var key = SigningKey.Of(_ada);
        byte[] request = Encoding.ASCII.GetBytes(key.RequestPem());

        Damage.Of(request).Sample(damaged =>
        {
            try
            {
                string issued = authority.Issue(Encoding.ASCII.GetString(damaged), TimeSpan.FromDays(1));
                using var certificate = X509Certificate2.CreateFromPem(issued);
                return certificate.Subject == "CN=Ada" && certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan()
                    .SequenceEqual(_ada.PublicKey.ExportSubjectPublicKeyInfo());
            }
            catch (TrustException)
            {
                return true;
            }
        });
    }

    [Fact]
    public void A_damaged_policy_is_understood_or_an_error()
    {
        byte[] policy = Encoding.UTF8.GetBytes(
            $"[require]\ntime = true\nlog = false\n[[signer]]\nname = \"Ada\"\ncertificate = \"{Digest.Of(_ada.RawData).Hex}\"\nmay = [\"run\"]\nuntil = 2027-01-01\n");
        string path = Path.Combine(_folder.Path, "policy.toml");

        Damage.Of(policy).Sample(
            damaged =>
            {
                File.WriteAllBytes(path, damaged);
                try
                {
                    TrustPolicy.FromFile(path);
                }
                catch (ArchiveException)
                {
                    // Said, in our own words.
                }

                return true;
            },
            threads: 1);
    }

    private byte[] Sign()
    {
        using var key = SigningKey.Of(_ada);
        var now = new FakeTimeProvider(TestCertificates.Now);
        return CmsSigner.Sign(Statement, key, now, signature => _clock.Stamp(signature, TestCertificates.Now));
    }

    private TrustedCertificates Trusted()
    {
        string ada = Path.Combine(_folder.Path, "ada.pem");
        string clock = Path.Combine(_folder.Path, "clock.pem");
        File.WriteAllText(ada, _ada.ExportCertificatePem());
        File.WriteAllText(clock, _clock.Root.ExportCertificatePem());
        return TrustedCertificates.FromFiles([ada], TimestampAuthorities.FromFiles([clock]));
    }
}
