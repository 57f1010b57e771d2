using System.Net;
using System.Net.Sockets;

namespace Provenance.Web.Hosting;

/// <summary>Whom a limit counts as one client. Of IPv6 the network counts: one client has 2^64 addresses.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
        _ => address.ToString(),
    };
}
