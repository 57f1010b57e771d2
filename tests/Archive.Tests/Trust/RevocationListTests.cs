using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>What a revocation list covers, and the lists that an authority of ours makes; checked by openssl.</summary>
public sealed class RevocationListTests : IDisposable
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"_type":"x"}""");
    private static readonly DateTimeOffset Signed = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Now);
    private readonly StoreLayout _lab;
    private readonly StoreLayout _reader;
    private readonly X509Certificate2 _authority = TestCertificates.Authority();
    private readonly X509Certificate2 _bob;
    private readonly TestAuthority _stamper = new();

    public RevocationListTests()
    {
        _lab = new StoreLayout(Path.Combine(_folder.Path, "lab"));
        _reader = new StoreLayout(Path.Combine(_folder.Path, "reader"));
        _bob = TestCertificates.Person("Bob", _authority, until: End);
        Directory.CreateDirectory(_lab.Keys);
        Directory.CreateDirectory(_reader.TimestampTrust);
        File.WriteAllText(Path.Combine(_reader.TimestampTrust, "clock.pem"), _stamper.Root.ExportCertificatePem() + "\n");
        File.WriteAllText(_reader.TrustPolicy, "[require]\nrevocation = true\n");
    }

    public void Dispose()
    {
        _stamper.Dispose();
        _bob.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(-1, null, true)]
    [InlineData(1, null, false)]
    [InlineData(1, -1, true)]
    [InlineData(20, 0, true)]
    [InlineData(20, 1, false)]
    public void A_list_of_after_the_certificates_end_covers_it_only_where_it_says_so(int daysAfterEnd, int? expiredSince, bool covers)
    {
        Trust(_authority, List(End.AddDays(daysAfterEnd), expiredSince is { } days ? End.AddDays(days) : null));

        var trust = Verify(_bob, Signed).Checks.Single(check => check.Name == "trust");

        Assert.True((trust.Outcome == CheckOutcome.Ok) == covers, trust.Detail);
        string published = $"{End.AddDays(daysAfterEnd):u}";
        Assert.Contains(
            covers ? $"not on the list of {published}" : $"the list of {published} may have left it out, which ended on 2026-01-01", trust.Detail, StringComparison.Ordinal);
        Assert.Equal(!covers, trust.Detail.StartsWith("no revocation list for 2025-03-01", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_says_so_by_what_is_no_time_covers_nothing_more()
    {
        byte[] list = List(End.AddDays(20), End.AddDays(-1));
        // The extension's value is the last GeneralizedTime: 15 characters, of which one becomes a letter.
        int at = list.AsSpan().LastIndexOf("20251231000000Z"u8);
        byte[] changed = [.. list];
        changed[at + 5] = (byte)'x';
        using var key = _authority.GetECDsaPrivateKey()!;

        Assert.True(at > 0);
        Trust(_authority, Resigned(changed, key));

        Assert.Contains("may have left it out", Verify(_bob, Signed).Checks.Single(check => check.Name == "trust").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_a_list_of_after_its_end_names_is_refused_all_the_same()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(_bob, Signed.AddDays(-1));
        Trust(_authority, Build(list, End.AddDays(1)));

        Assert.Contains("was revoked on 2025-02-28", Verify(_bob, Signed).Checks.Single(check => check.Name == "trust").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_authority_has_a_list_on_which_nobody_is()
    {
        using var lab = CertificateAuthority.Create(_lab, "Lab", _ => { }, _clock);
        using var ada = Certified(lab);
        Trust(lab);

        var trust = Verify(ada, _clock.GetUtcNow()).Checks.Single(check => check.Name == "trust");
        Assert.True(trust.Outcome == CheckOutcome.Ok, trust.Detail);
        _clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal(CheckOutcome.Incomplete, Verify(ada, _clock.GetUtcNow()).Checks.Single(check => check.Name == "trust").Outcome);
        lab.PublishList();
        Trust(lab);
        Assert.Equal(CheckOutcome.Ok, Verify(ada, _clock.GetUtcNow()).Checks.Single(check => check.Name == "trust").Outcome);

        // After Ada's certificate has ended, a list of this authority still says that it would have her.
        _clock.Advance(TimeSpan.FromDays(1000));
        lab.PublishList();
        Trust(lab);
        Assert.Equal(CheckOutcome.Ok, Verify(ada, TestCertificates.Now.AddDays(200)).Checks.Single(check => check.Name == "trust").Outcome);
    }

    [Fact]
    public void A_withdrawal_can_be_dated_back_and_not_put_off()
    {
        using var lab = CertificateAuthority.Create(_lab, "Lab", _ => { }, _clock);
        using var ada = Certified(lab);
        _clock.Advance(TimeSpan.FromDays(40));
        var stolen = TestCertificates.Now.AddDays(10);

        var future = Assert.Throws<TrustException>(() => lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.KeyCompromise, _clock.GetUtcNow().AddDays(1)));
        Assert.Contains("that is to come", future.Message, StringComparison.Ordinal);
        Assert.Equal(stolen, lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.KeyCompromise, stolen));
        Trust(lab);

        Assert.Equal(CheckOutcome.Ok, TrustFact(ada, stolen.AddDays(-1)).Outcome);
        Assert.Contains($"was revoked on {stolen:u}", TrustFact(ada, stolen.AddDays(1)).Detail, StringComparison.Ordinal);

        // Once more: of two days the earlier stays.
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(stolen, lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.KeyCompromise));
        Assert.Equal(stolen, lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.KeyCompromise, stolen.AddDays(5)));
        Assert.Equal(stolen.AddDays(-5), lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.KeyCompromise, stolen.AddDays(-5)));
    }

    [Fact]
    public void A_list_that_another_key_has_signed_gets_no_signature_of_this_authority()
    {
        using var lab = CertificateAuthority.Create(_lab, "Lab Authority", _ => { }, _clock);
        using var impostor = TestCertificates.Authority("Lab Authority");
        using var ada = Certified(lab);
        var list = new CertificateRevocationListBuilder();
        File.WriteAllText(
            lab.ListPath,
            PemEncoding.WriteString(
                "X509 CRL", list.Build(impostor, 9, TestCertificates.Until, HashAlgorithmName.SHA384, rsaSignaturePadding: null, TestCertificates.Now)) + "\n");

        var refused = Assert.Throws<TrustException>(() => lab.Revoke(Pem("ada.pem", ada), X509RevocationReason.Superseded));

        Assert.Contains("is signed by no authority in its folder", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is signed by no authority in its folder", Assert.Throws<TrustException>(() => lab.PublishList()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Openssl_reads_the_lists_as_they_are_meant()
    {
        Tool.Require("openssl");
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-1));
        using var lab = CertificateAuthority.Create(_lab, "Lab", _ => { }, clock);
        using var ada = Certified(lab);
        using var bob = Certified(lab);
        Pem("ada.pem", ada);
        Pem("bob.pem", bob);

        Assert.Contains("verify OK", Openssl("crl", "-in", lab.ListPath, "-CAfile", lab.CertificatePath, "-noout"), StringComparison.Ordinal);
        string fresh = Openssl("crl", "-in", lab.ListPath, "-noout", "-text");
        Assert.Contains("No Revoked Certificates", fresh, StringComparison.Ordinal);
        Assert.Contains("Version 2", fresh, StringComparison.Ordinal);
        Assert.Contains("Authority Key Identifier", fresh, StringComparison.Ordinal);
        Assert.Matches("X509v3 CRL Number:\\s+1\n", fresh);
        Assert.Contains(": OK", Checked(lab, "ada.pem"), StringComparison.Ordinal);

        var stolen = clock.GetUtcNow().AddDays(-3);
        lab.Revoke(Path.Combine(_folder.Path, "ada.pem"), X509RevocationReason.KeyCompromise, stolen);
        lab.Revoke(Path.Combine(_folder.Path, "bob.pem"), X509RevocationReason.AffiliationChanged);
        lab.PublishList();

        Assert.Contains("verify OK", Openssl("crl", "-in", lab.ListPath, "-CAfile", lab.CertificatePath, "-noout"), StringComparison.Ordinal);
        string text = Openssl("crl", "-in", lab.ListPath, "-noout", "-text");
        Assert.Equal(2, Regex.Count(text, "Serial Number: "));
        Assert.Matches("X509v3 CRL Number:\\s+4\n", text);
        Assert.Matches($"Key Compromise\\s+Invalidity Date:\\s+{Regex.Escape(stolen.UtcDateTime.ToString("MMM", System.Globalization.CultureInfo.InvariantCulture))}", text);
        Assert.Single(Regex.Matches(text, "Invalidity Date"));
        Assert.Contains("certificate revoked", Checked(lab, "ada.pem"), StringComparison.Ordinal);
        Assert.Contains("certificate revoked", Checked(lab, "bob.pem"), StringComparison.Ordinal);

        // openssl 3.0 shows expiredCertsOnCRL by its number alone.
        string structure = Openssl("asn1parse", "-in", lab.ListPath);
        Assert.Matches("OBJECT +:(2\\.5\\.29\\.60|X509v3 Expired)", structure);
    }

    private string Checked(CertificateAuthority lab, string certificate) => Tool.Run(
        _folder.Path, "openssl", "verify", "-x509_strict", "-crl_check", "-CRLfile", lab.ListPath, "-CAfile", lab.CertificatePath, certificate).Output;

    private string Openssl(params string[] arguments)
    {
        var (status, output) = Tool.Run(_folder.Path, "openssl", arguments);
        Assert.True(status == 0, output);
        return output;
    }

    /// <summary>Of an authority that says since when it has those that ended, or does not.</summary>
    private byte[] List(DateTimeOffset at, DateTimeOffset? expiredSince)
    {
        if (expiredSince is not { } since)
        {
            return Build(new CertificateRevocationListBuilder(), at);
        }

        var first = new RevocationListWriter();
        byte[] before = first.Sign(_authority, since, since.AddDays(30));
        var list = new RevocationListWriter();
        list.Continue(before);
        return list.Sign(_authority, at, at.AddDays(30));
    }

    private byte[] Build(CertificateRevocationListBuilder list, DateTimeOffset at) =>
        list.Build(_authority, 7, at.AddDays(30), HashAlgorithmName.SHA384, rsaSignaturePadding: null, at);

    /// <summary>The same to be signed, by the same key.</summary>
    private static byte[] Resigned(byte[] list, ECDsa key)
    {
        var reader = new System.Formats.Asn1.AsnReader(list, System.Formats.Asn1.AsnEncodingRules.DER).ReadSequence();
        byte[] tbs = reader.ReadEncodedValue().ToArray();
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbs);
            writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
            writer.WriteBitString(key.SignData(tbs, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence));
        }

        return writer.Encode();
    }

    private void Trust(X509Certificate2 authority, byte[] list)
    {
        File.WriteAllText(Path.Combine(_reader.Trust, "lab.pem"), authority.ExportCertificatePem() + "\n");
        File.WriteAllBytes(Path.Combine(_reader.Trust, "lab.crl"), list);
    }

    private void Trust(CertificateAuthority lab)
    {
        File.Copy(lab.CertificatePath, Path.Combine(_reader.Trust, "lab.pem"), overwrite: true);
        File.Copy(lab.ListPath, Path.Combine(_reader.Trust, "lab.crl"), overwrite: true);
    }

    private static X509Certificate2 Certified(CertificateAuthority lab)
    {
        using var key = SigningKey.Create("Ada", TestCertificates.Now);
        using var made = X509Certificate2.CreateFromPem(lab.Issue(key.RequestPem(), TimeSpan.FromDays(365)));
        using var own = key.Certificate.GetECDsaPrivateKey()!;
        return made.CopyWithPrivateKey(own);
    }

    private string Pem(string name, X509Certificate2 certificate)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n");
        return path;
    }

    private VerificationCheck TrustFact(X509Certificate2 signer, DateTimeOffset stamped) =>
        Verify(signer, stamped).Checks.Single(check => check.Name == "trust");

    private RecordVerification Verify(X509Certificate2 signer, DateTimeOffset stamped)
    {
        using var key = SigningKey.Of(signer);
        byte[] p7s = CmsSigner.Sign(Statement, key, _clock, signature => _stamper.Stamp(signature, stamped));
        return new RecordVerifier(new BlobStore(_reader, _ => { }), TrustedCertificates.Load(_reader), _clock).VerifyFiles(Statement, p7s);
    }
}
