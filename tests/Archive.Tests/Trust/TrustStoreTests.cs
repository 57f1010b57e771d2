using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

public sealed class TrustStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly TrustStore _store;

    public TrustStoreTests()
    {
        _layout = new StoreLayout(Path.Combine(_folder.Path, "archive"));
        _store = new TrustStore(_layout, _ => { });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_is_nobody_before_somebody_is_trusted() => Assert.Empty(_store.List());

    [Fact]
    public void A_certificate_goes_into_a_file_named_for_people_and_once()
    {
        using var ada = TestCertificates.Person("Ada Löwe");
        string path = Write("ada.pem", ada.ExportCertificatePem());

        var added = Assert.Single(_store.AddFile(path, forTime: false));
        Assert.Equal(Path.Combine(_layout.Trust, $"ada-l-we-{Digest.Of(ada.RawData).Hex[..16]}.pem"), added.Path);
        Assert.Equal(TrustRole.Signer, added.Role);
        Assert.False(added.WasThere);

        Assert.True(Assert.Single(_store.AddFile(path, forTime: false)).WasThere);
        Assert.Equal(added, Assert.Single(_store.List()));
        Assert.Single(Directory.GetFiles(_layout.Trust));
    }

    [Fact]
    public void A_name_that_would_leave_the_folder_does_not()
    {
        using var eve = TestCertificates.Person("../../etc/cron");

        var added = Assert.Single(_store.AddFile(Write("eve.pem", eve.ExportCertificatePem()), forTime: false));

        Assert.Equal(_layout.Trust, Path.GetDirectoryName(added.Path));
    }

    [Fact]
    public void An_authority_of_signers_and_one_of_time_are_kept_apart()
    {
        using var authority = TestCertificates.Authority();
        using var clock = TestCertificates.Authority("Clock CA");
        _store.AddFile(Write("lab.pem", authority.ExportCertificatePem()), forTime: false);
        _store.AddFile(Write("clock.pem", clock.ExportCertificatePem()), forTime: true);

        Assert.Equal([TrustRole.Authority, TrustRole.Time], _store.List().Select(one => one.Role));
        Assert.Equal(_layout.TimestampTrust, Path.GetDirectoryName(_store.List()[1].Path));
    }

    [Fact]
    public void The_signer_of_a_statement_is_trusted_after_the_signature_was_verified()
    {
        byte[] statement = """{"a":1}"""u8.ToArray();
        using var key = SigningKey.Create("Ada", TestCertificates.Now);
        byte[] p7s = CmsSigner.Sign(statement, key, new FakeTimeProvider(TestCertificates.Now));

        Assert.Throws<TrustException>(() => _store.AddSigner("""{"a":2}"""u8, p7s));
        Assert.Empty(_store.List());
        Assert.Equal(key.Signer, _store.AddSigner(statement, p7s).Certificate);
        Assert.True(CmsVerifier.Verify(statement, p7s, TrustedCertificates.Load(_layout), TestCertificates.Now).IsTrusted);
    }

    [Fact]
    public void A_file_without_a_certificate_is_an_error() =>
        Assert.Contains("holds no certificate", Assert.Throws<TrustException>(() => _store.AddFile(Write("x.pem", "hello"), forTime: false)).Message, StringComparison.Ordinal);

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, content + "\n");
        return path;
    }
}
