namespace Provenance.Runtime.Observing;

/// <summary>Something that was done, or prevented, and that has no path: the first time for a process only.</summary>
internal sealed record CallNoted : ObservedEvent
{
    /// <summary>
    /// A stable name: <c>io-uring-refused</c>, <c>random</c>, <c>chroot</c>, <c>own-seccomp-listener-refused</c>, <c>memory-file</c>,
    /// <c>kernel-call:openat2</c>, …
    /// </summary>
    public required string What { get; init; }
}
