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
}
