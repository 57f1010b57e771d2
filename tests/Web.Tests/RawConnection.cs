using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Provenance.Web.Tests;

/// <summary>A client that sends what no well-behaved one would, byte for byte.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawConnection> OpenAsync(string site, IPAddress? address = null)
    {
        var url = new Uri(site);
        var client = new TcpClient();
        await client.ConnectAsync(address ?? IPAddress.Parse(url.Host), url.Port, TestContext.Current.CancellationToken);
        return new RawConnection(client);
    }

    /// <summary>The whole exchange in one: what is sent, and all that comes back until the server closes or the time is over.</summary>
    public static async Task<string> ExchangeAsync(string site, string sent, int seconds = 5)
    {
        using var connection = await OpenAsync(site);
        await connection.SendAsync(sent);
        return (await connection.ReadAsync(TimeSpan.FromSeconds(seconds))).Text;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <returns>What came, whether the server closed the connection, and after how long.</returns>
    public async Task<(string Text, bool Closed, TimeSpan After)> ReadAsync(TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        var text = new StringBuilder();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(within);
        byte[] buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await _stream.ReadAsync(buffer, cancellation.Token)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            return (text.ToString(), true, clock.Elapsed);
        }
        catch (IOException)
        {
            return (text.ToString(), true, clock.Elapsed);
        }
        catch (OperationCanceledException)
        {
            return (text.ToString(), false, clock.Elapsed);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
