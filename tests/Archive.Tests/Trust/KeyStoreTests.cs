using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

public sealed class KeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _synced = [];
    private readonly KeyStore _keys;

    public KeyStoreTests()
    {
        _keys = new KeyStore(new StoreLayout(_folder.Path), _synced.Add, new FakeTimeProvider(TestCertificates.Now));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_is_no_key_before_one_is_made()
    {
        Assert.Null(_keys.Find());
        Assert.Empty(_keys.List());
    }

    [Fact]
    public void A_key_that_was_made_is_found_again()
    {
        using var made = _keys.Create("Ada Löwe, CN=x");
        using var found = _keys.Find();

        Assert.Equal(made.Signer, found!.Signer);
        Assert.Equal("Ada Löwe, CN=x", found.Signer.Name);
        Assert.True(found.Certificate.HasPrivateKey);
    }

    [Fact]
    public void The_private_key_is_for_its_owner_alone_and_durable()
    {
        using var made = _keys.Create("Ada");
        string key = Assert.Single(_keys.List()).KeyPath;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", File.ReadAllText(key), StringComparison.Ordinal);
        Assert.Contains(Path.GetDirectoryName(key), _synced);
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        using var made = _keys.Create("Ada");
        string key = Assert.Single(_keys.List()).KeyPath;
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = Assert.Throws<TrustException>(_keys.Find);

        Assert.Equal($"'{key}': others may use this key: mode is 0640, expected 0600", refused.Message);
    }

    [Fact]
    public void A_damaged_key_is_an_error_that_names_it()
    {
        using var made = _keys.Create("Ada");
        string key = Assert.Single(_keys.List()).KeyPath;
        File.WriteAllText(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");

        var refused = Assert.Throws<TrustException>(_keys.Find);

        Assert.Equal(key, refused.Subject);
        Assert.Contains("the key cannot be read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_key_made_signs_and_the_others_stay()
    {
        using var first = _keys.Create("Ada");
        using var second = _keys.Create("Ada");
        using var active = _keys.Find();

        Assert.Equal(second.Signer.Fingerprint, active!.Signer.Fingerprint);
        Assert.Equal(2, _keys.List().Count);
        Assert.Equal(second.Signer.Fingerprint, Assert.Single(_keys.List(), key => key.IsActive).Signer.Fingerprint);
    }

    [Fact]
    public void The_certificate_names_the_person_has_no_end_and_is_for_signatures_only()
    {
        using var made = _keys.Create("Ada");
        var certificate = made.Certificate;

        Assert.Equal("CN=Ada", certificate.Subject);
        Assert.Equal("CN=Ada", certificate.Issuer);
        Assert.Equal(TestCertificates.Now.AddDays(-1), made.Signer.NotBefore);
        Assert.Equal(new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), made.Signer.NotAfter);
        var usage = Assert.Single(certificate.Extensions.OfType<X509KeyUsageExtension>());
        Assert.True(usage.Critical);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, usage.KeyUsages);
        Assert.Equal(16, certificate.SerialNumberBytes.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => _keys.Create(name));
}
