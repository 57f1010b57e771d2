namespace Provenance.Runtime.Sandbox;

/// <summary>What of the network the job sees.</summary>
public enum ContainerNetwork
{
    /// <summary>The host's own, as MPI needs it.</summary>
    Host,

    /// <summary>Loopback only.</summary>
    None,
}
