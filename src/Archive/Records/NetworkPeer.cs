namespace Provenance.Archive.Records;

/// <summary>An address that was contacted, or at which others were waited for.</summary>
public sealed record NetworkPeer
{
    /// <summary><c>ipv4</c>, <c>ipv6</c>, <c>unix-abstract</c>, or <c>family N</c>.</summary>
    public required string Family { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>type N</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>In the usual text form.</summary>
    public required string Address { get; init; }

    /// <summary>0 where the family has none.</summary>
    public required int Port { get; init; }

    /// <summary>True when the job waited for others here; false when it went there.</summary>
    public required bool Bound { get; init; }

    /// <summary>How many times.</summary>
    public required int Count { get; init; }

    /// <summary>The name among those asked for that has this address, as the recorder found afterwards; null when none has.</summary>
    public string? Name { get; init; }
}
