using Provenance.Archive.Records;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Whom a job's calls contacted, each once with its count.</summary>
internal sealed class ObservedNetwork(int limit)
{
    private const string UnixFamily = "unix";

    private readonly Dictionary<NetworkPeer, int> _counts = [];
    private readonly List<NetworkPeer> _peers = [];
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were first contacted, counted.</summary>
    public IEnumerable<NetworkPeer> Peers => _peers.Select(peer => peer with { Count = _counts[peer] });

    /// <summary>Host names that were asked for, in order.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Contacts and names that are not kept.</summary>
    public int Beyond { get; private set; }

    public void Add(PeerContacted call) => Add(new NetworkPeer
    {
        Family = call.Family,
        Protocol = call.Protocol,
        Address = call.Address,
        Port = call.Port,
        Bound = call.IsBound,
        Count = 1,
    });

    /// <summary>A Unix socket with a path: whoever listens there is another program's work, or another host's.</summary>
    public void AddSocket(string path, bool isBound) => Add(new NetworkPeer
    {
        Family = UnixFamily,
        Protocol = UnixFamily,
        Address = path,
        Port = 0,
        Bound = isBound,
        Count = 1,
    });

    public void Add(string name)
    {
        if (_names.Count < limit)
        {
            _names.Add(name);
        }
        else if (!_names.Contains(name))
        {
            Beyond++;
        }
    }

    private void Add(NetworkPeer peer)
    {
        if (_counts.TryGetValue(peer, out int count))
        {
            _counts[peer] = count + 1;
        }
        else if (_peers.Count < limit)
        {
            _counts.Add(peer, 1);
            _peers.Add(peer);
        }
        else
        {
            Beyond++;
        }
    }
}
