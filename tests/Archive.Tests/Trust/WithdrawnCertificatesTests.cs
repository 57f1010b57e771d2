using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Keys that nobody but the archive itself can withdraw.</summary>
public sealed class WithdrawnCertificatesTests : IDisposable
{
    private static readonly byte[] Statement = "{}"u8.ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestCertificates.Now);
    private readonly StoreLayout _layout;
    private readonly KeyStore _keys;
    private readonly byte[] _signature;

    public WithdrawnCertificatesTests()
    {
        _layout = new StoreLayout(_folder.Path);
        _keys = new KeyStore(_layout, _ => { }, _clock);
        using var key = _keys.Create("Ada");
        _signature = CmsSigner.Sign(Statement, key, _clock);
    }

    private Digest Ada => Assert.Single(_keys.List()).Signer.Fingerprint;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_judged_for_a_time_before_stays_good()
    {
        Withdraw(TestCertificates.Now);

        Assert.True(Verify(TestCertificates.Now.AddSeconds(-1)).IsTrusted);
        var refused = Verify(TestCertificates.Now);
        Assert.Equal(SignatureOutcome.Valid, refused.Outcome);
        Assert.Equal("was withdrawn from 2026-11-24 04:05:06Z on (stolen), and was judged for 2026-11-24 04:05:06Z", refused.Trust!.Reason);
    }

    [Fact]
    public void Of_two_times_the_earlier_counts()
    {
        Withdraw(TestCertificates.Now);
        Withdraw(TestCertificates.Now.AddHours(-2));
        Withdraw(TestCertificates.Now.AddHours(-1));

        Assert.False(Verify(TestCertificates.Now.AddHours(-2)).IsTrusted);
        Assert.True(Verify(TestCertificates.Now.AddHours(-3)).IsTrusted);
    }

    [Fact]
    public void An_authority_that_is_withdrawn_vouches_for_nobody()
    {
        using var authority = TestCertificates.Authority();
        using var bob = SigningKey.Of(TestCertificates.Person("Bob", authority));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_layout.Trust).FullName, "lab.pem"), authority.ExportCertificatePem());
        byte[] signature = CmsSigner.Sign(Statement, bob, _clock);
        Assert.True(Verify(TestCertificates.Now, signature).IsTrusted);

        WithdrawnCertificates.Add(_layout, Digest.Of(authority.RawData), TestCertificates.Now.AddDays(-1), null, _ => { });

        Assert.False(Verify(TestCertificates.Now, signature).IsTrusted);
    }

    [Fact]
    public void A_key_that_is_retired_signs_no_more()
    {
        var key = Assert.Single(_keys.List());

        Assert.True(_keys.Retire(key));
        Assert.False(_keys.HasKey);
        Assert.Null(_keys.Find());
        Assert.False(_keys.Retire(key));
    }

    [Theory]
    [InlineData("withdraw = 1\n", "'withdraw' is not known")]
    [InlineData("[[withdrawn]]\ncertificate = \"abc\"\n", "'withdrawn.certificate' is 'abc'")]
    [InlineData("[[withdrawn]]\nfrom = 2026-01-01\n", "lacks 'certificate' or 'from'")]
    [InlineData("[[withdrawn]]\nuntil = 2026-01-01\n", "'withdrawn.until' is")]
    [InlineData("[[withdrawn]]\nfrom = \"soon\"\n", "'withdrawn.from' is 'soon'")]
    [InlineData("[withdrawn\n", "settings")]
    public void What_is_not_understood_is_an_error(string text, string reason)
    {
        Directory.CreateDirectory(_layout.Trust);
        File.WriteAllText(_layout.Withdrawn, text);

        Assert.Contains(reason, Assert.ThrowsAny<ArchiveException>(() => TrustedCertificates.Load(_layout)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArchiveException>(() => Withdraw(TestCertificates.Now));
        Assert.Equal(text, File.ReadAllText(_layout.Withdrawn));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a\nb")]
    [InlineData("a\\b")]
    public void A_reason_is_one_plain_line(string reason) =>
        Assert.Throws<TrustException>(() => WithdrawnCertificates.Add(_layout, Ada, TestCertificates.Now, reason, _ => { }));

    private void Withdraw(DateTimeOffset from) => WithdrawnCertificates.Add(_layout, Ada, from, "stolen", _ => { });

    private SignatureVerification Verify(DateTimeOffset at, byte[]? signature = null) =>
        CmsVerifier.Verify(Statement, signature ?? _signature, TrustedCertificates.Load(_layout), at);
}
