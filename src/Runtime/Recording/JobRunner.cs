using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a job without recording it: its descriptors are ours, nothing is looked at.</summary>
public static class JobRunner
{
    /// <exception cref="CommandException">The program is not there or cannot be executed.</exception>
    /// <exception cref="RuntimeException">The container cannot be made.</exception>
    public static ContainerResult Run(ContainerSpec spec, TimeProvider clock)
    {
        using var signals = SignalForwarder.Install();
        using var container = Container.Start(spec, clock);
        return container.Wait(signals);
    }

    /// <param name="limit">When it is ended with all it has started, if it has not by itself.</param>
    /// <param name="isCut">Whether it was.</param>
    /// <inheritdoc cref="Run(ContainerSpec, TimeProvider)"/>
    public static ContainerResult Run(ContainerSpec spec, TimeProvider clock, TimeSpan limit, out bool isCut)
    {
        using var signals = SignalForwarder.Install();
        using var container = Container.Start(spec, clock);
        bool isUp = false;
        var timer = clock.CreateTimer(
            _ =>
            {
                Volatile.Write(ref isUp, true);
                container.Signal(Signals.SIGKILL);
            },
            null,
            limit,
            Timeout.InfiniteTimeSpan);
        try
        {
            var result = container.Wait(signals);
            isCut = Volatile.Read(ref isUp) && result.Status.Signal == Signals.SIGKILL;
            return result;
        }
        finally
        {
            // It may be at it: the container's descriptors must stay until it has done.
            timer.DisposeAsync().AsTask().Wait();
        }
    }
}
