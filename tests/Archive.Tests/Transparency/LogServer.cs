using System.IO.Compression;
using System.Net;
using System.Net.Sockets;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>Serves a folder over HTTP on the loopback, or what a test puts in the place of a file.</summary>
internal sealed class LogServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;
    private readonly Dictionary<string, Action<HttpListenerResponse>> _instead = [];

    public LogServer(string folder)
    {
        _folder = folder;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/log";
        }

        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>Paths that were asked for.</summary>
    public List<string> Asked { get; } = [];

    public void Instead(string path, Action<HttpListenerResponse> answer) => _instead[path] = answer;

    public static void Gzip(HttpListenerResponse response, byte[] content)
    {
        response.AddHeader("Content-Encoding", "gzip");
        using var packed = new GZipStream(response.OutputStream, CompressionLevel.Optimal);
        packed.Write(content);
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        string path = context.Request.Url!.AbsolutePath["/log/".Length..];
        lock (Asked)
        {
            Asked.Add(path);
        }

        using var response = context.Response;
        if (_instead.TryGetValue(path, out var answer))
        {
            answer(response);
            return;
        }

        string file = Path.Combine(_folder, path);
        if (!File.Exists(file))
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        response.OutputStream.Write(File.ReadAllBytes(file));
    }
}
