using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Who may sign what, and what a record must have beside its signature.</summary>
public sealed class TrustPolicyTests : IDisposable
{
    private static readonly FakeTimeProvider Clock = new(TestCertificates.Now);

    private readonly SampleArchive _archive = new();

    private StoreLayout Layout => _archive.Blobs.Layout;

    private string Ada => _archive.Key.Signer.Fingerprint.Hex;

    public void Dispose() => _archive.Dispose();

    [Fact]
    public void Without_a_policy_whoever_is_trusted_may_sign() => Assert.Equal(VerificationVerdict.Good, Verify().Verdict);

    [Fact]
    public void An_empty_policy_asks_for_nothing() => Assert.Equal(VerificationVerdict.Good, Verify("").Verdict);

    [Fact]
    public void Who_is_named_may_sign_what_is_named()
    {
        Assert.Equal(VerificationVerdict.Good, Verify($"[[signer]]\ncertificate = \"{Ada}\"\nmay = [\"run\"]\n").Verdict);

        var refused = Verify($"[[signer]]\ncertificate = \"{Ada}\"\nmay = [\"image\", \"replay\"]\n");
        Assert.Equal(VerificationVerdict.Untrusted, refused.Verdict);
        Assert.Contains("may not sign a record of kind run", Detail(refused, "trust"), StringComparison.Ordinal);
        Assert.Contains("policy.toml", Detail(refused, "trust"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_trusted_and_not_named_may_sign_nothing()
    {
        var refused = Verify($"[[signer]]\ncertificate = \"{new string('0', 64)}\"\n");

        Assert.Equal(VerificationVerdict.Untrusted, refused.Verdict);
        Assert.Contains("may sign nothing", Detail(refused, "trust"), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_trusted_for_being_named()
    {
        using var eve = TestCertificates.Person("Eve");

        var refused = Verify($"[[signer]]\ncertificate = \"{Digest.Of(eve.RawData).Hex}\"\n", eve);

        Assert.Equal("the certificate is not among those trusted here", Detail(refused, "trust"));
    }

    [Fact]
    public void Naming_an_authority_names_whom_it_vouches_for()
    {
        using var authority = TestCertificates.Authority();
        using var eve = TestCertificates.Person("Eve", authority);
        Directory.CreateDirectory(Layout.Trust);
        File.WriteAllText(Path.Combine(Layout.Trust, "lab.pem"), authority.ExportCertificatePem());

        Assert.Equal(VerificationVerdict.Good, Verify($"[[signer]]\ncertificate = \"{Digest.Of(authority.RawData).Hex}\"\n", eve).Verdict);
    }

    [Theory]
    [InlineData("from = 2026-01-01", true)]
    [InlineData("from = 2026-11-25", false)]
    [InlineData("until = 2026-11-25", true)]
    [InlineData("until = 2026-11-24T04:05:06Z", false)]
    public void Between_two_days_alone(string window, bool good) => Assert.Equal(
        good ? VerificationVerdict.Good : VerificationVerdict.Untrusted,
        Verify($"[[signer]]\ncertificate = \"{Ada}\"\n{window}\n").Verdict);

    [Fact]
    public void A_fingerprint_is_read_as_openssl_prints_it()
    {
        string colons = string.Join(':', Ada.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

        Assert.Equal(VerificationVerdict.Good, Verify($"[[signer]]\ncertificate = \"{colons}\"\n").Verdict);
    }

    [Fact]
    public void What_is_required_and_missing_leaves_the_verification_incomplete()
    {
        var withoutTime = Verify("[require]\ntime = true\n");
        Assert.Equal(VerificationVerdict.Incomplete, withoutTime.Verdict);
        Assert.StartsWith("is required by policy.toml: no time stamp", Detail(withoutTime, "time"), StringComparison.Ordinal);

        var withoutLog = Verify("[require]\nlog = true\n");
        Assert.Equal(VerificationVerdict.Incomplete, withoutLog.Verdict);
        Assert.StartsWith("is required by policy.toml: no log was asked", Detail(withoutLog, "log"), StringComparison.Ordinal);
        Assert.Equal(VerificationVerdict.Good, Verify("[require]\ntime = false\nlog = false\n").Verdict);
    }

    [Fact]
    public void A_missing_blob_is_incomplete_and_a_changed_one_is_bad()
    {
        var signed = _archive.Sign(_archive.KeepRun());
        string output = Layout.BlobPath(Digest.Of("kept output"u8));
        byte[] content = File.ReadAllBytes(output);
        File.SetUnixFileMode(output, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(output, "other ouput");
        Assert.Equal(VerificationVerdict.Bad, Verify(signed).Verdict);

        File.Delete(output);
        Assert.Equal(VerificationVerdict.Incomplete, Verify(signed).Verdict);

        File.WriteAllBytes(output, content);
        Assert.Equal(VerificationVerdict.Good, Verify(signed).Verdict);
    }

    [Theory]
    [InlineData("[require]\ntme = true\n", "'require.tme' is not known")]
    [InlineData("[require]\ntime = 1\n", "'require.time' is '1', expected true or false")]
    [InlineData("[signers]\n", "'signers' is not known")]
    [InlineData("[signer]\n", "'signer' is not known")]
    [InlineData("[[signer]]\nname = \"Ada\"\n", "a signer has no 'certificate'")]
    [InlineData("[[signer]]\ncertificate = \"abc\"\n", "a signer has no 'certificate'")]
    [InlineData("[[signer]]\ncertificate = \"ADA\"\nmay = [\"runs\"]\n", "'signer.may' has 'runs'")]
    [InlineData("[[signer]]\ncertificate = \"ADA\"\nmay = \"run\"\n", "'signer.may' is 'run', which is not understood")]
    [InlineData("[[signer]]\ncertificate = \"ADA\"\nuntil = \"soon\"\n", "'signer.until' is 'soon', which is not understood")]
    [InlineData("time = true\n", "'time' is not known")]
    [InlineData("[require]\ntime = true\ntime = false\n", "settings")]
    [InlineData("[require\n", "settings")]
    [InlineData("time = \"\\U00110000\"\n", "settings")]
    public void What_is_not_understood_is_an_error_and_never_passed_over(string policy, string reason)
    {
        var problem = Assert.ThrowsAny<ArchiveException>(() => Verify(policy.Replace("ADA", Ada, StringComparison.Ordinal)));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    private RecordVerification Verify(string? policy = null, X509Certificate2? signer = null)
    {
        if (policy is not null)
        {
            Directory.CreateDirectory(Layout.Trust);
            File.WriteAllText(Layout.TrustPolicy, policy);
        }

        byte[] statement = _archive.KeepRun();
        return Verify(signer is null ? _archive.Sign(statement) : SignAs(signer, statement));
    }

    private RecordVerification Verify((Digest Record, Digest Signature) signed) =>
        new RecordVerifier(_archive.Blobs, TrustedCertificates.Load(Layout), Clock).Verify(signed.Record, signed.Signature);

    private (Digest, Digest) SignAs(X509Certificate2 signer, byte[] statement)
    {
        using var key = SigningKey.Of(signer);
        return (
            _archive.Blobs.Put(MediaTypes.Statement, statement).Digest,
            _archive.Blobs.Put(MediaTypes.CmsSignature, CmsSigner.Sign(statement, key, Clock)).Digest);
    }

    private static string Detail(RecordVerification verification, string name) => verification.Checks.Single(check => check.Name == name).Detail;
}
