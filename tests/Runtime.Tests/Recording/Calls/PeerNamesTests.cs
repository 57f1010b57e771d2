using Provenance.Archive.Records;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>An address has a name only if the job asked for the name.</summary>
public sealed class PeerNamesTests
{
    [Fact]
    public void A_name_that_was_asked_for_names_the_address_it_has()
    {
        NetworkPeer[] peers = [Peer("127.0.0.1"), Peer("192.0.2.7")];

        Assert.Equal(["localhost", null], PeerNames.Add(peers, ["localhost", "no such name.invalid"]).Select(peer => peer.Name));
        Assert.All(PeerNames.Add(peers, []), peer => Assert.Null(peer.Name));
    }

    private static NetworkPeer Peer(string address) => new()
    {
        Family = "ipv4",
        Protocol = "tcp",
        Address = address,
        Port = 80,
        Bound = false,
        Count = 1,
    };
}
