namespace Provenance.Runtime.Observing;

/// <summary>One thing a job did, in the order in which the kernel told it.</summary>
internal abstract record ObservedEvent
{
    /// <summary>The process, by the number that <see cref="ProcessStarted"/> gave it; 0 where it is not known.</summary>
    public required int Process { get; init; }
}
