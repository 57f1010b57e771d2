using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Provenance.Runtime.Observing;

/// <summary>A struct sockaddr of a call: unix(7), ip(7), ipv6(7).</summary>
/// <param name="UnixPath">Of a socket that has a name among files, as the job named it.</param>
internal sealed record PeerAddress(string Family, string Text, int Port, byte[]? UnixPath = null)
{
    /// <summary>Longer than any that is told.</summary>
    public const int MaxBytes = 128;

    public const int DnsPort = 53;

    private const int AF_UNSPEC = 0, AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;

    /// <summary>Null for what is no peer: no address, one that ends a connection, a question to the kernel itself.</summary>
    public static PeerAddress? Parse(ReadOnlySpan<byte> address)
    {
        if (address.Length < 2)
            return null;
        int family = BinaryPrimitives.ReadUInt16LittleEndian(address);
        return family switch
        {
            AF_UNSPEC or AF_NETLINK => null,
            AF_UNIX => Unix(address[2..]),
            AF_INET when address.Length >= 8 => new PeerAddress(
                "ipv4", new IPAddress(address.Slice(4, 4)).ToString(), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            AF_INET6 when address.Length >= 24 => new PeerAddress(
                "ipv6", new IPAddress(address.Slice(8, 16)).ToString(), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            AF_INET or AF_INET6 => null,
            _ => new PeerAddress(
                string.Create(CultureInfo.InvariantCulture, $"family {family}"), Convert.ToHexStringLower(address[2..]), 0),
        };
    }

    private static PeerAddress? Unix(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        if (name[0] == 0)
            return new PeerAddress("unix-abstract", Encoding.Latin1.GetString(name[1..]), 0);
        int end = name.IndexOf((byte)0);
        return new PeerAddress("unix", "", 0, (end < 0 ? name : name[..end]).ToArray());
    }
}
