using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Provenance.Web.Hosting;

/// <summary>Opens the addresses: the readers' with or without TLS, and the operator's, which nobody else should reach.</summary>
internal sealed class Listening
{
    /// <summary>A browser opens six, a container tool a handful.</summary>
    private const int ConnectionsOfOneClient = 100;

    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);

    private readonly List<ListenOptions> _public = [];
    private readonly ClientConnections _clients = new(ConnectionsOfOneClient);
    private readonly ServerCertificate? _certificate;
    private ListenOptions? _operator;

    /// <exception cref="TlsFileException">The certificate cannot be served with.</exception>
    public Listening(ServeOptions options)
    {
        _certificate = options.Tls is { } files ? new ServerCertificate(files, options.Time) : null;
        Urls = [.. options.Urls.Select(BindingAddress.Parse)];
        Operator = options.MetricsAddress;
    }

    private IReadOnlyList<BindingAddress> Urls { get; }

    private IPEndPoint? Operator { get; }

    /// <summary>Where it really listens for readers, once it does.</summary>
    public IReadOnlyList<string> Addresses => [.. _public.Select((listen, i) => $"{Urls[i].Scheme}://{HostOf(Urls[i], listen)}:{PortOf(Urls[i], listen)}")];

    /// <summary>Where it really listens for its operator; null for nowhere.</summary>
    public string? OperatorAddress => _operator is { IPEndPoint: { } address } ? $"http://{address}" : null;

    public void Open(KestrelServerOptions kestrel)
    {
        foreach (var address in Urls)
        {
            OpenPublic(kestrel, address);
        }

        if (Operator is { } operatorAddress)
        {
            kestrel.Listen(operatorAddress, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(OperatorConnection.Instance);
                    return next(connection);
                });
                _operator = listen;
            });
        }
    }

    private void OpenPublic(KestrelServerOptions kestrel, BindingAddress address)
    {
        if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(address.Port, listen => Configure(kestrel, listen, address));
        }
        else if (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip))
        {
            kestrel.Listen(ip, address.Port, listen => Configure(kestrel, listen, address));
        }
        else
        {
            kestrel.ListenAnyIP(address.Port, listen => Configure(kestrel, listen, address));
        }
    }

    private void Configure(KestrelServerOptions kestrel, ListenOptions listen, BindingAddress address)
    {
        _public.Add(listen);
        _clients.Guard(listen);
        if (address.Scheme == "http")
        {
            // Without TLS there is nothing to agree on HTTP/2 by: RFC 9113 §3.3 needs prior knowledge, which no browser has.
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        var log = kestrel.ApplicationServices.GetRequiredService<ILogger<ServerCertificate>>();
        var certificate = _certificate ?? throw new InvalidOperationException("an address of https needs a certificate");
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(next => connection => RefuseAsync(next, connection));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Handshake,
            OnConnection = _ => ValueTask.FromResult(certificate.Get(log)),
        });
    }

    /// <summary>What begins with no TLS is asked for no certificate, and the platform calls that an error of ours: it is one of whoever came.</summary>
    private static async Task RefuseAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        try
        {
            await next(connection);
        }
        catch (NotSupportedException)
        {
            connection.Abort(new ConnectionAbortedException("what came was no TLS"));
        }
    }

    private static string HostOf(BindingAddress asked, ListenOptions listen) => listen.IPEndPoint is not { } found ? asked.Host
        : found.Address.Equals(IPAddress.IPv6Any) || found.Address.Equals(IPAddress.Any) ? "[::]"
        : found.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{found.Address}]" : $"{found.Address}";

    private static int PortOf(BindingAddress asked, ListenOptions listen) => listen.IPEndPoint?.Port ?? asked.Port;
}
