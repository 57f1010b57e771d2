using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>What a reader, and somebody who sends a run, ask of a server that was set up as the packaging says.</summary>
internal sealed class ServerClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new HttpClientHandler { UseProxy = false, CheckCertificateRevocationList = true });

    public int Port { get; } = FindPort();

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Waits until the server says that it can read its archive.</summary>
    /// <returns>False when it does not in a minute.</returns>
    public bool WaitUntilHealthy()
    {
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; Thread.Sleep(100))
        {
            try
            {
                if (Get("/healthz") == (HttpStatusCode.OK, "ok\n"))
                    return true;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        return false;
    }

    public (HttpStatusCode Status, string Text) Get(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address + path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var response = _http.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return (response.StatusCode, reader.ReadToEnd());
    }

    /// <summary>Records a run elsewhere and sends it, its image too.</summary>
    /// <returns>The run.</returns>
    public string Push(Workplace place, string token)
    {
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        File.WriteAllText(Path.Combine(place.Folder, "token"), token);
        var result = place.Shell(
            $"prov image import -q box.tar --name box && prov run -q --record box -- sh -c 'echo made-there > out.txt' && id=$(prov log -n 1 -q) "
            + $"&& prov push -q --tls-verify=false --token-file token docker://127.0.0.1:{Port}/prov $id && echo $id");
        Assert.True(result.Status == 0, $"{result}");
        return result.Output.Trim().Split('\n')[^1];
    }

    /// <summary>The run's page is there, and says of its record what was proved.</summary>
    public void AssertShows(string run)
    {
        var (status, page) = Get($"/runs/{run}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(run, page, StringComparison.Ordinal);
        Assert.Contains("made-there", page, StringComparison.Ordinal);
    }

    public void Dispose() => _http.Dispose();

    private static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
