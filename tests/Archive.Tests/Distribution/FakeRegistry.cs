using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>A server on 127.0.0.1 that answers what a test tells it to, down to where a connection is cut. One request a connection.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<FakeRequest, FakeAnswer> _answer;
    private readonly List<FakeRequest> _requests = [];

    public FakeRegistry(Func<FakeRequest, FakeAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(ServeAsync);
    }

    public int Port { get; }

    /// <summary>As in references.</summary>
    public string Host => $"127.0.0.1:{Port}";

    public string Url => $"http://{Host}";

    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => AnswerAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream);
                lock (_requests)
                {
                    _requests.Add(request);
                }

                await WriteAsync(stream, request, _answer(request));
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The client went.
            }
        }
    }

    private static async Task<FakeRequest> ReadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        string[] lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1], StringComparer.Ordinal);
        byte[] body = new byte[headers.TryGetValue("content-length", out string? length) ? int.Parse(length, null) : 0];
        await stream.ReadExactlyAsync(body);
        string[] words = lines[0].Split(' ');
        return new FakeRequest(words[0], words[1], headers, body);
    }

    private static async Task WriteAsync(NetworkStream stream, FakeRequest request, FakeAnswer answer)
    {
        await Task.Delay(answer.Delay);
        byte[] body = answer.Body ?? [];
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} x\r\nConnection: close\r\n");
        if (answer.Length is not < 0)
        {
            head.Append(null, $"Content-Length: {answer.Length ?? body.Length}\r\n");
        }

        foreach (var (name, value) in answer.Headers)
        {
            head.Append(null, $"{name}: {value}\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (request.Method == "HEAD")
        {
            return;
        }

        await stream.WriteAsync(body.AsMemory(0, answer.CutAfter ?? body.Length));
        while (answer.Length is < 0)
        {
            await stream.WriteAsync(body);
        }
    }
}
