using System.Net;
using System.Net.Sockets;

namespace Provenance.Archive.Tests.Trust;

/// <summary>An HTTP server on 127.0.0.1 that answers as it is told, for what is asked over HTTP.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Action<byte[], HttpListenerResponse> _answer;

    /// <param name="answer">Gets the body of each request, and writes the response.</param>
    public LoopbackServer(Action<byte[], HttpListenerResponse> answer)
    {
        _answer = answer;
        (_listener, Address) = Listen();
        _ = Task.Run(Serve);
    }

    public Uri Address { get; }

    /// <summary>How often it was asked.</summary>
    public int Requests { get; private set; }

    /// <summary>A time stamping authority: the reply with its media type. Source: RFC 3161 §3.4.</summary>
    public static LoopbackServer Replying(Func<byte[], byte[]> reply, string type = "application/timestamp-reply") => new((query, response) =>
    {
        response.ContentType = type;
        response.OutputStream.Write(reply(query));
    });

    public void Dispose() => _listener.Close();

    /// <summary>The system names a free port; another may take it before it is ours.</summary>
    private static (HttpListener Listener, Uri Address) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            int port;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }

            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, new Uri($"http://127.0.0.1:{port}/tsa"));
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Another has it.
            }
        }
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Requests++;
                _answer(body.ToArray(), context.Response);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // The client went, or the test ended.
            }
        }
    }
}
