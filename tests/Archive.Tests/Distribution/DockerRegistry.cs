using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Docker's own registry, as Debian has it, on a free port of 127.0.0.1 and with a folder that goes with it.</summary>
internal sealed class DockerRegistry : IDisposable
{
    public const string User = "ada";
    public const string Password = "secret:with colon";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _server;

    /// <param name="withLogin">Whether it serves nobody but <see cref="User"/>.</param>
    /// <param name="withTls">Whether it speaks TLS, with a certificate that nobody vouches for.</param>
    public DockerRegistry(bool withLogin = false, bool withTls = false)
    {
        Tool.Require("docker-registry");
        int port = FreePort();
        Host = $"127.0.0.1:{port}";
        string login = "";
        if (withLogin)
        {
            Tool.Require("htpasswd");
            File.WriteAllText(PathOf("htpasswd"), Tool.Run(_folder.Path, "htpasswd", "-Bbn", User, Password).Output);
            login = $"auth:\n  htpasswd:\n    realm: test\n    path: {PathOf("htpasswd")}\n";
        }

        string tls = "";
        if (withTls)
        {
            MakeCertificate();
            tls = $"  tls:\n    certificate: {PathOf("tls.crt")}\n    key: {PathOf("tls.key")}\n";
        }

        File.WriteAllText(
            PathOf("config.yml"),
            $"version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: {PathOf("data")}\n"
            + $"http:\n  addr: {Host}\n{tls}{login}");
        _server = Process.Start(new ProcessStartInfo("docker-registry", ["serve", PathOf("config.yml")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        WaitFor(port);
    }

    public string Host { get; }

    /// <summary>Of its own, where it speaks TLS.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificateFromFile(PathOf("tls.crt"));

    /// <summary>Of the caller's credentials.</summary>
    public string AuthFile()
    {
        string auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        File.WriteAllText(PathOf("auth.json"), $$"""{"auths":{"{{Host}}":{"auth":"{{auth}}"} } }""");
        return PathOf("auth.json");
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        _folder.Dispose();
    }

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(PathOf("tls.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("tls.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static void WaitFor(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 200)
            {
                Thread.Sleep(50);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);
}
