namespace Provenance.Runtime.Observing;

/// <summary>An address that a socket was connected to, sent to, or bound to, other than a Unix socket with a path.</summary>
internal sealed record PeerContacted : ObservedEvent
{
    /// <summary><c>ipv4</c>, <c>ipv6</c>, <c>unix-abstract</c>, or <c>family N</c>.</summary>
    public required string Family { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>type N</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>In the usual text form.</summary>
    public required string Address { get; init; }

    /// <summary>0 where the family has none.</summary>
    public int Port { get; init; }

    /// <summary>The job waits for others here (bind); else it goes there.</summary>
    public bool IsBound { get; init; }
}
