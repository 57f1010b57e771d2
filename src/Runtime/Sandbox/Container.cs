namespace Provenance.Runtime.Sandbox;

/// <summary>A job that runs in its container. Disposing of it before it has ended kills it and all it has started.</summary>
public sealed class Container : IDisposable
{
    /// <summary>The job's first process, as the host numbers it.</summary>
    public int Pid { get; private init; }

    /// <summary>Makes the container and returns when the job's program has begun.</summary>
    /// <remarks>
    /// Call it on a thread that lives until the job has ended, the main one or the one that waits: when the thread
    /// ends, so does the job, since that is how a killed <c>prov</c> leaves nothing running.
    /// </remarks>
    /// <exception cref="CommandException">The program is not there or cannot be executed.</exception>
    /// <exception cref="Native.SyscallException">A step of the set-up failed.</exception>
    /// <exception cref="SandboxException">The container cannot be made as asked for.</exception>
    public static Container Start(ContainerSpec spec, TimeProvider clock) =>
        throw new SandboxException($"container '{spec.Rootfs}': not made yet at {clock.GetUtcNow()}");

    /// <summary>Waits until the job has ended and nothing of it is left.</summary>
    /// <param name="signals">Forwarded to the job meanwhile; null to forward none.</param>
    public ContainerResult Wait(SignalForwarder? signals = null) =>
        throw new SandboxException($"container '{Pid}': not made yet {signals}");

    /// <summary>Sends a signal to the job's first process; nothing happens when it has ended.</summary>
    public void Signal(int signal) => throw new SandboxException($"container '{Pid}': not made yet {signal}");

    public void Dispose()
    {
    }
}
