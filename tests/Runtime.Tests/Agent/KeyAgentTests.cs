using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Agent;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Runtime.Tests.Agent;

/// <summary>Keys that an agent holds sign as if they were here. The environment says which agent, and is the whole program's: one test at a time.</summary>
[Collection(nameof(KeyAgentTests))]
[CollectionDefinition(nameof(KeyAgentTests), DisableParallelization = true)]
public sealed class KeyAgentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-test-").FullName;
    private readonly StoreLayout _layout;
    private readonly KeyStore _keys;
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public KeyAgentTests()
    {
        _layout = new StoreLayout(Path.Combine(_folder, "archive"));
        _keys = new KeyStore(_layout, _ => { }, TimeProvider.System);
        Directory.CreateDirectory(_layout.Keys);
        string passphrase = Path.Combine(_folder, "passphrase");
        File.WriteAllText(passphrase, "correct horse battery\n");
        File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Environment.SetEnvironmentVariable(KeyPassphrase.Variable, passphrase);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(KeyPassphrase.Variable, null);
        Environment.SetEnvironmentVariable(KeyAgentProtocol.Variable, null);
        _stop.Cancel();
        _serving.Wait();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(KeyAlgorithm.P256, "ECDSA P-256 with SHA-256")]
    [InlineData(KeyAlgorithm.P384, "ECDSA P-384 with SHA-384")]
    [InlineData(KeyAlgorithm.Rsa3072, "RSA-PSS 3072 with SHA-256")]
    [InlineData(KeyAlgorithm.MlDsa65, "ML-DSA-65 with SHA-512")]
    public void A_key_of_any_algorithm_signs_without_its_passphrase(KeyAlgorithm algorithm, string expected)
    {
        _keys.Create("Ada", algorithm, encrypted: true).Dispose();
        using var agent = Start(_keys.Unlock());

        using var key = _keys.Find()!;
        byte[] p7s = CmsSigner.Sign("{}"u8, key, TimeProvider.System);

        var verified = CmsVerifier.Verify("{}"u8, p7s, TrustedCertificates.Load(_layout), DateTimeOffset.UtcNow);
        Assert.Equal((SignatureOutcome.Valid, expected), (verified.Outcome, verified.Algorithm));
        Assert.True(verified.IsTrusted);
    }

    [Fact]
    public void A_request_for_a_certificate_is_signed_by_the_agent_too()
    {
        _keys.Create("Ada", KeyAlgorithm.Rsa3072, encrypted: true).Dispose();
        using var agent = Start(_keys.Unlock());
        using var key = _keys.Find()!;

        // It throws where the signature does not hold.
        var request = CertificateRequest.LoadSigningRequestPem(
            key.RequestPem(), System.Security.Cryptography.HashAlgorithmName.SHA256, signerSignaturePadding: System.Security.Cryptography.RSASignaturePadding.Pss);

        Assert.Equal("CN=Ada", request.SubjectName.Name);
    }

    [Fact]
    public void The_log_s_key_is_held_as_well()
    {
        var logKeys = new LogKeyStore(_layout, _ => { });
        var made = logKeys.FindOrCreate("prov-archive/ab");
        Assert.Equal(made.Verifier, logKeys.Encrypt());
        Assert.Contains("ENCRYPTED PRIVATE KEY", File.ReadAllText(Path.Combine(_layout.LogKeys, "key.pem")), StringComparison.Ordinal);
        using var agent = Start([logKeys.Unlock()!]);

        var signature = logKeys.FindOrCreate("prov-archive/ab").Sign("a checkpoint\n");

        Assert.True(made.Verifier.Verifies("a checkpoint\n", signature));
    }

    [Fact]
    public void A_key_that_the_agent_does_not_hold_takes_its_passphrase()
    {
        _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true).Dispose();
        var first = _keys.Unlock();
        _keys.Create("Ada again", KeyAlgorithm.P256, encrypted: true).Dispose();
        using var agent = Start(first);

        var problem = Assert.Throws<TrustException>(_keys.Find);

        Assert.Contains("must name a file with the passphrase", problem.Message, StringComparison.Ordinal);
        Assert.Contains("the agent that PROV_KEY_AGENT names does not hold it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_is_gone_is_named()
    {
        _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true).Dispose();
        Start(_keys.Unlock()).Dispose();

        var problem = Assert.Throws<TrustException>(_keys.Find);

        Assert.Contains("the key agent that PROV_KEY_AGENT names cannot be asked", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_user_can_reach_the_socket_and_nothing_remains_of_it()
    {
        _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true).Dispose();
        string path;
        using (var agent = Start(_keys.Unlock()))
        {
            path = agent.Path;
            const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Own, File.GetUnixFileMode(path));
            Assert.Equal(Own | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public void Another_user_and_a_process_that_is_out_of_sight_are_refused()
    {
        Assert.Null(new PeerCredentials(Environment.ProcessId, Identity.EffectiveUid).Problem());
        Assert.Equal("user 4711 may not use it", new PeerCredentials(Environment.ProcessId, 4711).Problem());
        Assert.Equal("process 0 is out of sight", new PeerCredentials(0, Identity.EffectiveUid).Problem());
    }

    [Theory]
    [InlineData("ffffffff", null)] // 4 GiB announced
    [InlineData("00000000", null)]
    [InlineData("00010022", null)] // one byte more than a frame may have
    [InlineData("0000002109", null)] // ends in the middle
    [InlineData("00000001" + "07", "a request of kind 7 with 1 bytes is not understood")]
    [InlineData("00000002" + "0101", "a request of kind 1 with 2 bytes is not understood")]
    [InlineData("00000021" + "02" + "00000000000000000000000000000000" + "00000000000000000000000000000000", "a request of kind 2 with 33 bytes is not understood")]
    [InlineData("00000022" + "02" + "00000000000000000000000000000000" + "00000000000000000000000000000000" + "41", "this key is not held here")]
    public void Nonsense_is_refused_and_harms_nobody_else(string sent, string? answer)
    {
        _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true).Dispose();
        using var agent = Start(_keys.Unlock());

        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Connect(new UnixDomainSocketEndPoint(agent.Path));
            using var stream = new NetworkStream(socket);
            socket.Send(Convert.FromHexString(sent));
            socket.Shutdown(SocketShutdown.Send);
            byte[]? frame = KeyAgentProtocol.Read(stream);
            Assert.Equal(answer, frame is null ? null : Encoding.UTF8.GetString(frame[1..]));
        }

        using var key = _keys.Find()!;
        Assert.NotEmpty(CmsSigner.Sign("{}"u8, key, TimeProvider.System));
    }

    [Fact]
    public void A_hundred_processes_may_ask_at_once()
    {
        _keys.Create("Ada", KeyAlgorithm.P256, encrypted: true).Dispose();
        using var agent = Start(_keys.Unlock());
        var trusted = TrustedCertificates.Load(_layout);

        var outcomes = Enumerable.Range(0, 100).AsParallel().WithDegreeOfParallelism(50).Select(_ =>
        {
            using var key = _keys.Find()!;
            return CmsVerifier.Verify("{}"u8, CmsSigner.Sign("{}"u8, key, TimeProvider.System), trusted, DateTimeOffset.UtcNow).Outcome;
        });

        Assert.All(outcomes, outcome => Assert.Equal(SignatureOutcome.Valid, outcome));
    }

    private KeyAgent Start(IReadOnlyList<HeldKey> keys)
    {
        var agent = KeyAgent.Open(keys);
        _serving = Task.Run(() => agent.Serve(_stop.Token));
        Environment.SetEnvironmentVariable(KeyPassphrase.Variable, null);
        Environment.SetEnvironmentVariable(KeyAgentProtocol.Variable, agent.Path);
        return agent;
    }
}
