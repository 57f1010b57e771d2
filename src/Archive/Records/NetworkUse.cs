namespace Provenance.Archive.Records;

/// <summary>Whom the job's programs talked to.</summary>
public sealed record NetworkUse
{
    /// <summary>In the order in which they were first contacted.</summary>
    public required IReadOnlyList<NetworkPeer> Peers { get; init; }

    /// <summary>Host names that were asked of a DNS server, in order.</summary>
    public required IReadOnlyList<string> Names { get; init; }
}
