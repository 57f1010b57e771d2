using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests.Trust;

/// <summary>Keys that are encrypted at rest. The passphrase's file is named by the environment, which is the whole program's: one test at a time.</summary>
[Collection(nameof(KeyPassphraseTests))]
[CollectionDefinition(nameof(KeyPassphraseTests), DisableParallelization = true)]
public sealed class KeyPassphraseTests : IDisposable
{
    private const string Variable = "PROV_PASSPHRASE_FILE";

    private readonly TemporaryFolder _folder = new();
    private readonly StoreLayout _layout;
    private readonly KeyStore _keys;

    public KeyPassphraseTests()
    {
        _layout = new StoreLayout(Path.Combine(_folder.Path, "archive"));
        _keys = new KeyStore(_layout, _ => { }, new FakeTimeProvider(TestCertificates.Now));
        Directory.CreateDirectory(_layout.Keys);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        KeyPassphrase.Remembered = null;
        KeyPassphrase.Ask = null;
        _folder.Dispose();
    }

    [Fact]
    public void A_key_is_encrypted_at_rest_and_signs_with_its_passphrase_alone()
    {
        Passphrase("correct horse battery\n");
        using var made = _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true);
        string path = Assert.Single(_keys.List()).KeyPath;
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(path), StringComparison.Ordinal);
        using var found = _keys.Find();
        Assert.Equal(made.Signer, found!.Signer);
        Assert.NotEmpty(CmsSigner.Sign("{}"u8, found, TimeProvider.System));

        Passphrase("another passphrase\n");
        Assert.Contains("the key cannot be read", Assert.Throws<TrustException>(_keys.Find).Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Contains($"{Variable} must name a file", Assert.Throws<TrustException>(_keys.Find).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_be_read_only_once_is_remembered()
    {
        string file = Passphrase("correct horse battery\n");
        Assert.Equal("correct horse battery", KeyPassphrase.Read("key"));
        Assert.Null(KeyPassphrase.Remembered);

        using var open = File.OpenHandle(file);
        Environment.SetEnvironmentVariable(Variable, $"/proc/self/fd/{open.DangerousGetHandle()}");
        Assert.Equal("correct horse battery", KeyPassphrase.Read("key"));
        Assert.Equal("correct horse battery", KeyPassphrase.Remembered);
    }

    [Fact]
    public void Where_somebody_can_be_asked_the_answer_is_remembered()
    {
        bool? askedForNew = null;
        KeyPassphrase.Ask = isNew =>
        {
            askedForNew = isNew;
            return "correct horse battery";
        };

        _keys.Create("Ada", KeyAlgorithm.MlDsa65, encrypted: true).Dispose();

        Assert.True(askedForNew);
        Assert.Equal("correct horse battery", KeyPassphrase.Remembered);
        KeyPassphrase.Remembered = null;
        using var found = _keys.Find();
        Assert.False(askedForNew);
        Assert.NotNull(found);
    }

    [Fact]
    public void An_answer_that_is_too_short_is_none()
    {
        KeyPassphrase.Ask = _ => "short";

        Assert.Contains("8 to 1024 characters", Assert.Throws<TrustException>(() => _keys.Create("Ada", encrypted: true)).Message, StringComparison.Ordinal);
        Assert.Null(KeyPassphrase.Remembered);
    }

    [Theory]
    [InlineData("ec -pkeyopt ec_paramgen_curve:P-384", "ECDSA P-384")]
    [InlineData("rsa:3072", "RSA 3072")]
    public void A_key_that_openssl_made_signs_here(string algorithm, string name)
    {
        Tool.Require("openssl");
        string pass = Passphrase("correct horse battery\n");
        Openssl($"req -x509 -newkey {algorithm} -nodes -keyout ada.key -out ada.pem -subj /CN=Ada -days 30 -addext keyUsage=digitalSignature");
        Openssl($"pkcs12 -export -inkey ada.key -in ada.pem -out ada.p12 -passout file:{pass}");

        using (var key = _keys.Import(Path.Combine(_folder.Path, "ada.p12"), encrypted: true))
        {
            Assert.Equal("Ada", key.Signer.Name);
        }

        var stored = Assert.Single(_keys.List());
        Assert.Equal((true, name), (stored.IsActive, stored.Algorithm));
        Assert.Contains("ENCRYPTED PRIVATE KEY", File.ReadAllText(stored.KeyPath), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder.Path, "both.pem"), File.ReadAllText(Path.Combine(_folder.Path, "ada.pem")) + File.ReadAllText(Path.Combine(_folder.Path, "ada.key")));
        _keys.Import(Path.Combine(_folder.Path, "both.pem")).Dispose();
        Assert.DoesNotContain("ENCRYPTED", File.ReadAllText(stored.KeyPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa:2048 -addext keyUsage=digitalSignature", "an RSA key of 2048 bits is too short")]
    [InlineData("rsa:3072 -addext keyUsage=keyEncipherment", "its key usage is not for signatures")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:secp256k1 -addext keyUsage=digitalSignature", "cannot sign records")]
    public void A_key_whose_signatures_nobody_takes_is_refused(string request, string reason)
    {
        Tool.Require("openssl");
        Openssl($"req -x509 -newkey {request} -nodes -keyout ada.key -out ada.pem -subj /CN=Ada -days 30");
        File.WriteAllText(Path.Combine(_folder.Path, "both.pem"), File.ReadAllText(Path.Combine(_folder.Path, "ada.key")) + File.ReadAllText(Path.Combine(_folder.Path, "ada.pem")));

        var problem = Assert.Throws<TrustException>(() => _keys.Import(Path.Combine(_folder.Path, "both.pem")));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Empty(_keys.List());
    }

    [Fact]
    public void What_is_no_key_is_refused()
    {
        string path = Path.Combine(_folder.Path, "nothing");
        Passphrase("correct horse battery\n");
        foreach (string content in new[] { "", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" })
        {
            File.WriteAllText(path, content);
            Assert.Throws<TrustException>(() => _keys.Import(path));
        }
    }

    [Fact]
    public async Task A_key_can_come_through_a_pipe()
    {
        Tool.Require("openssl");
        Openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ada.key -out ada.pem -subj /CN=Ada -days 30 -addext keyUsage=digitalSignature");
        var (made, problem) = Tool.Run(_folder.Path, "mkfifo", "pipe");
        Assert.True(made == 0, problem);
        string pipe = Path.Combine(_folder.Path, "pipe");
        var writer = Task.Run(() =>
        {
            using var into = new FileStream(pipe, FileMode.Open, FileAccess.Write);
            into.Write(File.ReadAllBytes(Path.Combine(_folder.Path, "ada.key")));
            into.Write(File.ReadAllBytes(Path.Combine(_folder.Path, "ada.pem")));
        }, TestContext.Current.CancellationToken);

        using var key = _keys.Import(pipe);

        await writer;
        Assert.Equal("Ada", key.Signer.Name);
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused()
    {
        string path = Path.Combine(_folder.Path, "long");
        File.WriteAllBytes(path, new byte[(1 << 20) + 1]);

        Assert.Contains("more than 1048576 bytes", Assert.Throws<TrustException>(() => _keys.Import(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_at_the_end_of_the_way_does_not_come_along()
    {
        using var authority = TestCertificates.Authority();
        using var ada = TestCertificates.Person("Ada", authority);
        var all = new X509Certificate2Collection { ada, X509CertificateLoader.LoadCertificate(authority.RawData) };
        string path = Path.Combine(_folder.Path, "ada.p12");
        File.WriteAllBytes(path, all.Export(X509ContentType.Pkcs12, "")!);

        using var key = _keys.Import(path);

        Assert.Equal("CN=Lab CA", key.Signer.Issuer);
        Assert.Empty(key.Chain);
    }

    private void Openssl(string arguments)
    {
        var (status, output) = Tool.Run(_folder.Path, "openssl", arguments.Split(' '));
        Assert.True(status == 0, output);
    }

    [Fact]
    public void Openssl_reads_an_encrypted_key()
    {
        Tool.Require("openssl");
        string file = Passphrase("correct horse battery\n");
        _keys.Create("Ada", KeyAlgorithm.P384, encrypted: true).Dispose();

        var (status, output) = Tool.Run(_folder.Path, "openssl", "pkey", "-in", _keys.List()[0].KeyPath, "-passin", $"file:{file}", "-noout", "-text");

        Assert.True(status == 0, output);
        Assert.Contains("NIST CURVE: P-384", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_is_encrypted_as_well()
    {
        Passphrase("correct horse battery\n");
        CertificateAuthority.Create(_layout, "Lab", _ => { }, TimeProvider.System, encrypted: true).Dispose();

        CertificateAuthority.Open(_layout, _ => { }, TimeProvider.System).Dispose();
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Throws<TrustException>(() => CertificateAuthority.Open(_layout, _ => { }, TimeProvider.System));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short\n")]
    [InlineData("\nsecond line is long enough\n")]
    public void What_is_no_passphrase_is_refused(string content)
    {
        Passphrase(content);

        Assert.Contains("holds no passphrase", Assert.Throws<TrustException>(() => _keys.Create("Ada", encrypted: true)).Message, StringComparison.Ordinal);
        Assert.Empty(_keys.List());
    }

    [Fact]
    public void A_passphrase_that_others_can_read_is_refused()
    {
        string file = Passphrase("correct horse battery\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("others may read this passphrase", Assert.Throws<TrustException>(() => _keys.Create("Ada", encrypted: true)).Message, StringComparison.Ordinal);
    }

    private string Passphrase(string content)
    {
        string path = Path.Combine(_folder.Path, "passphrase");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Environment.SetEnvironmentVariable(Variable, path);
        return path;
    }
}
