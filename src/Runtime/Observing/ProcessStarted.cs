namespace Provenance.Runtime.Observing;

/// <summary>A process that was not seen before; it comes ahead of all other events of the process. Threads are their process.</summary>
/// <remarks>Processes are numbered from 1, the job's first, in the order in which they were seen. A number is not used again.</remarks>
internal sealed record ProcessStarted : ObservedEvent
{
    /// <summary>The number of the process it came from; 0 for the job's first, and where it is not known.</summary>
    public required int Parent { get; init; }
}
