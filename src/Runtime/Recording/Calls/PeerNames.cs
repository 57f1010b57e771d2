using System.Net;
using System.Net.Sockets;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Finds which of the names that a job asked for has the address that it contacted. Asks for no other name, and for none
/// when the job asked none.</summary>
internal static class PeerNames
{
    private const int MaxNames = 50;

    /// <summary>For all names together: a record must not wait for a name server that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<NetworkPeer> Add(IEnumerable<NetworkPeer> peers, IReadOnlyCollection<string> names)
    {
        NetworkPeer[] all = [.. peers];
        if (names.Count == 0 || all.Length == 0)
        {
            return all;
        }

        var known = Resolve(names.Take(MaxNames));
        return [.. all.Select(peer => known.TryGetValue(peer.Address, out string? name) ? peer with { Name = name } : peer)];
    }

    private static Dictionary<string, string> Resolve(IEnumerable<string> names)
    {
        using var patience = new CancellationTokenSource(Patience);
        var asked = names.Select(name => (Name: name, Addresses: ResolveAsync(name, patience.Token))).ToList();
        Task.WaitAll([.. asked.Select(question => question.Addresses)]);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, addresses) in asked)
        {
            foreach (var address in addresses.Result)
            {
                known.TryAdd(address.ToString(), name);
            }
        }

        return known;
    }

    private static async Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(name, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ArgumentException)
        {
            return [];
        }
    }
}
