using System.Net;
using System.Net.Sockets;

namespace Provenance.Cli;

/// <summary>Finds out which address could not be listened at: the web server says so only of one that is taken.</summary>
internal static class ListenFailure
{
    public static UsageException Of(SocketException e, IEnumerable<string> urls, IPEndPoint? metrics)
    {
        var asked = urls.Select(url => (Option: "--listen", Address: url, EndPoint: EndPointOf(url))).ToList();
        if (metrics is not null)
        {
            asked.Add(("--metrics", $"http://{metrics}", metrics));
        }

        var (option, address, _) = asked.Find(one => Fails(one.EndPoint, e.SocketErrorCode));
        return new UsageException(
            $"option '{option ?? "--listen"}': failed to bind to address {address ?? string.Join(", ", asked.Select(one => one.Address))}: "
                + Failure.Reword(e.Message),
            e);
    }

    /// <summary>As the web server reads it: what is no number is every address of this machine.</summary>
    private static IPEndPoint EndPointOf(string url)
    {
        string place = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int colon = place.LastIndexOf(':');
        string host = place[..colon].Trim('[', ']');
        var address = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var ip) ? ip : IPAddress.Any;
        return new IPEndPoint(address, int.Parse(place[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static bool Fails(IPEndPoint endPoint, SocketError error)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == error;
        }
    }
}
