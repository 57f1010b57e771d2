using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Provenance.Web.Hosting;

/// <summary>Bounds the connections that one client holds: without it one could hold them all, and say nothing over any of them.</summary>
/// <param name="most">Of one client. This machine may have any number: a proxy on it speaks for everybody.</param>
internal sealed class ClientConnections(int most)
{
    private readonly ConcurrentDictionary<string, int> _open = new();

    public void Guard(ListenOptions listen) => listen.Use(next => connection => AnswerAsync(next, connection));

    private async Task AnswerAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address))
        {
            await next(connection);
            return;
        }

        string client = ClientAddress.Of(address);
        try
        {
            if (_open.AddOrUpdate(client, 1, (_, open) => open + 1) > most)
            {
                connection.Abort(new ConnectionAbortedException("the client has too many connections"));
                return;
            }

            await next(connection);
        }
        finally
        {
            int left = _open.AddOrUpdate(client, 0, (_, open) => open - 1);
            if (left == 0)
            {
                // Only if nobody came meanwhile.
                _open.TryRemove(new KeyValuePair<string, int>(client, 0));
            }
        }
    }
}
