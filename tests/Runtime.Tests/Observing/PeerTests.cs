using CsCheck;
using Provenance.Runtime.Observing;
using Xunit;

namespace Provenance.Runtime.Tests.Observing;

/// <summary>Addresses of sockets and questions to DNS servers.</summary>
public sealed class PeerTests
{
    [Theory]
    [InlineData("0200005000000000", "ipv4", "0.0.0.0", 80)]
    [InlineData("020001bb0a000001", "ipv4", "10.0.0.1", 443)]
    [InlineData("0a000035000000002001067c00000000000000000000000100000000", "ipv6", "2001:67c::1", 53)]
    [InlineData("010000786162", "unix-abstract", "xab", 0)]
    [InlineData("280000000100", "family 40", "00000100", 0)]
    public void An_address_is_told_in_the_usual_form(string hex, string family, string text, int port)
    {
        var peer = PeerAddress.Parse(Convert.FromHexString(hex));

        Assert.Equal(new PeerAddress(family, text, port), peer);
    }

    [Fact]
    public void A_unix_socket_with_a_name_is_a_file() =>
        Assert.Equal("/run/x"u8.ToArray(), PeerAddress.Parse("\u0001\0/run/x\0rest"u8)!.UnixPath);

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("0000000000000000")]
    [InlineData("100000000000000000000000")]
    [InlineData("0200005000")]
    [InlineData("0a00003500000000")]
    [InlineData("0100")]
    public void What_is_no_peer_is_not_told(string hex) => Assert.Null(PeerAddress.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("1234010000010000000000000765786164706c65036f72670000010001", "exadple.org")]
    [InlineData("12340100000100000000000001610000010001", "a")]
    public void The_name_of_a_question_is_found(string hex, string name) =>
        Assert.Equal(name, DnsQuestion.FindName(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("123481000001000000000000016100")] // an answer
    [InlineData("123401000002000000000000016100")] // two questions
    [InlineData("12340100000100000000000000")] // the root
    [InlineData("123401000001000000000000c00c")] // a pointer
    [InlineData("1234010000010000000000000561")] // cut off
    [InlineData("123401000001000000000000010a00")] // a line feed
    public void What_is_no_question_gives_no_name(string hex) =>
        Assert.Null(DnsQuestion.FindName(Convert.FromHexString(hex)));

    [Fact]
    public void No_bytes_at_all_are_too_much() => Gen.Byte.Array[0, 128].Sample(bytes =>
    {
        _ = PeerAddress.Parse(bytes);
        _ = DnsQuestion.FindName(bytes);
    });
}
