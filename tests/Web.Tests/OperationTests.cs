using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Provenance.Archive.Tests;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>What whoever runs the server needs: metrics apart from readers, TLS, and certificates that are renewed.</summary>
public sealed class OperationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_are_at_the_operators_address_and_nowhere_else()
    {
        await using var site = await TestSite.StartAsync(options: options => options with { MetricsAddress = new IPEndPoint(IPAddress.Loopback, 0) });
        await site.GetAsync($"/runs/{site.Run.Hex}");
        Assert.Equal("404", await site.FollowAsync("/runs/ffff"));
        using var reader = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        string metrics = await reader.GetStringAsync(new Uri(site.MetricsAddress + "/metrics"), TestContext.Current.CancellationToken);
        string health = await reader.GetStringAsync(new Uri(site.MetricsAddress + "/healthz"), TestContext.Current.CancellationToken);
        using var page = await reader.GetAsync(new Uri(site.MetricsAddress + "/runs"), TestContext.Current.CancellationToken);

        Assert.Matches("(?m)^http_server_request_duration_seconds_count\\{.*http_response_status_code=\"200\".*http_route=\"/runs/\\{id\\}\".*\\} [0-9]+$", metrics);
        Assert.Matches("(?m)^http_server_request_duration_seconds_count\\{.*http_response_status_code=\"404\".*http_route=\"/runs/\\{id\\}\".*\\} [0-9]+$", metrics);
        Assert.Matches("(?m)^kestrel_active_connections\\{", metrics);
        Assert.Matches("(?m)^dotnet_process_memory_working_set_bytes\\{?.* [0-9]+$", metrics);
        Assert.Matches("(?m)^dotnet_gc_collections_total\\{", metrics);
        Assert.Matches("(?m)^prov_archive_records\\{.*kind=\"run\".*\\} 2$", metrics);
        Assert.Matches("(?m)^prov_archive_log_entries.* [1-9][0-9]*$", metrics);
        Assert.Matches("(?m)^prov_archive_disk_free_bytes.* [1-9][0-9]*$", metrics);
        Assert.DoesNotContain(site.Run.Hex, metrics);
        Assert.Equal("ok\n", health);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal("404", await site.FollowAsync("/metrics"));
    }

    [Fact]
    public async Task With_a_certificate_it_speaks_http_2_and_1_and_nothing_before_tls_1_2()
    {
        var tls = Write("localhost", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await using var site = await TestSite.StartAsync(options: options => options with { Urls = ["https://127.0.0.1:0"], Tls = tls });
        using var client = Client(out _);

        foreach (var version in new[] { HttpVersion.Version20, HttpVersion.Version11 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Address + "/runs"))
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
        }

        string plain = await RawConnection.ExchangeAsync(site.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.DoesNotContain(" 200 ", plain);
        using var old = Client(out var options);
        // What is obsolete is what is being tested for.
#pragma warning disable SYSLIB0039, CA5397, CA5398
        options.EnabledSslProtocols = SslProtocols.Tls11;
#pragma warning restore SYSLIB0039, CA5397, CA5398
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            using var response = await old.GetAsync(new Uri(site.Address + "/"), TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task Http_2_without_tls_is_not_spoken()
    {
        await using var site = await TestSite.StartAsync();

        string answer = await RawConnection.ExchangeAsync(site.Address, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

        // RFC 9113 §6.8: a frame of type 7, GOAWAY, with HTTP_1_1_REQUIRED (§7), and the end.
        const int TypeAt = 3;
        const char GoAway = '\u0007';
        const char Http11Required = '\u000d';
        Assert.Equal((GoAway, Http11Required), (answer[TypeAt], answer[^1]));
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_without_a_restart_and_a_broken_one_is_not()
    {
        var tls = Write("first", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await using var site = await TestSite.StartAsync(options: options => options with { Urls = ["https://127.0.0.1:0"], Tls = tls });
        Assert.Equal("CN=first", await SubjectAsync(site));

        Write("second", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.Equal("CN=second", await SubjectAsync(site));

        await File.WriteAllTextAsync(tls.Key, "no key", TestContext.Current.CancellationToken);
        Assert.Equal("CN=second", await SubjectAsync(site));

        // As certbot does it: the files are links, and the links are moved.
        var third = Write("third", RSA.Create(2048), "new");
        File.Delete(tls.Certificate);
        File.Delete(tls.Key);
        File.CreateSymbolicLink(tls.Certificate, third.Certificate);
        File.CreateSymbolicLink(tls.Key, third.Key);
        Assert.Equal("CN=third", await SubjectAsync(site));
    }

    [Fact]
    public async Task A_server_with_a_certificate_that_cannot_be_used_does_not_start_and_says_why()
    {
        var good = Write("good", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var other = Write("other", ECDsa.Create(ECCurve.NamedCurves.nistP256), "other");
        string empty = Path.Combine(_folder.Path, "empty.pem");
        await File.WriteAllTextAsync(empty, "", TestContext.Current.CancellationToken);
        foreach (var (tls, path) in new[]
        {
            (good with { Certificate = "/nowhere/cert.pem" }, "/nowhere/cert.pem"), (good with { Key = "/nowhere/key.pem" }, "/nowhere/key.pem"),
            (good with { Certificate = empty }, empty), (good with { Key = empty }, empty), (good with { Key = other.Key }, other.Key),
        })
        {
            var refused = await Assert.ThrowsAsync<TlsFileException>(async () =>
            {
                await using var site = await TestSite.StartAsync(options: options => options with { Urls = ["https://127.0.0.1:0"], Tls = tls });
            });
            Assert.Equal(path, refused.Path);
        }
    }

    private static async Task<string> SubjectAsync(TestSite site)
    {
        // Files are looked at again after a second.
        await Task.Delay(1200, TestContext.Current.CancellationToken);
        string subject = "";
        using var client = Client(out var options);
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            subject = certificate!.Subject;
            return subject.Length > 0;
        };
        using var response = await client.GetAsync(new Uri(site.Address + "/healthz"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return subject;
    }

    private static HttpClient Client(out SslClientAuthenticationOptions options)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
#pragma warning disable CA5359 // What is asked is what the server shows, not whether it is trusted.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        options = handler.SslOptions;
        return new HttpClient(handler);
    }

    private TlsFiles Write(string name, AsymmetricAlgorithm key, string stem = "server")
    {
        var request = key is ECDsa ec
            ? new CertificateRequest($"CN={name}", ec, HashAlgorithmName.SHA256)
            : new CertificateRequest($"CN={name}", (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var files = new TlsFiles(Path.Combine(_folder.Path, $"{stem}.crt"), Path.Combine(_folder.Path, $"{stem}.key"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem() + "\n");
        key.Dispose();
        return files;
    }
}
