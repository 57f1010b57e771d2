namespace Provenance.Runtime.Observing;

/// <summary>A process of the job, while it lives.</summary>
/// <param name="Number">As <see cref="ProcessStarted"/> gave it.</param>
internal sealed record JobProcess(int Number)
{
    /// <summary>What has been noted of it, each once.</summary>
    public HashSet<string> Noted { get; } = [];

    /// <summary>Its sockets that were last connected to a DNS server.</summary>
    public HashSet<int> NameSockets { get; } = [];
}
