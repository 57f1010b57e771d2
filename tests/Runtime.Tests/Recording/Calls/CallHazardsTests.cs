using Provenance.Archive.Records;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

public sealed class CallHazardsTests
{
    /// <summary>A server has a port that others know, or tells them by other ways which the kernel gave it.</summary>
    [Theory]
    [InlineData("ipv4", "udp", 0, false)]
    [InlineData("ipv6", "udp", 0, false)]
    [InlineData("ipv4", "udp", 5353, true)]
    [InlineData("ipv4", "tcp", 0, true)]
    [InlineData("ipv6", "tcp", 8080, true)]
    [InlineData("unix", "unix", 0, false)]
    public void A_client_that_binds_to_any_free_port_is_no_listener(string family, string protocol, int port, bool listens)
    {
        var peer = new NetworkPeer { Family = family, Protocol = protocol, Address = "::", Port = port, Bound = true, Count = 1 };
        var hazards = new CallHazards(new CallLog(CallLimits.Default, _ => null, _ => { }), new PathPlaces([], [], "/home/ada", "/work"));

        var found = hazards.OfTheJob(new NetworkUse { Peers = [peer], Names = [] }, [], processors: 1);

        Assert.Equal(listens ? ["network-listener"] : [], found.Select(hazard => hazard.Id));
    }
}
