namespace Provenance.Archive.Records;

/// <summary>One machine as it was when the profile was taken. Also what <c>prov host --json</c> prints and <c>prov check --host</c> reads.</summary>
public sealed record HostProfile
{
    public const string SchemaV1 = "urn:x-prov:host/v1";

    public required string Schema { get; init; }

    public required string Hostname { get; init; }

    public required CpuProfile Cpu { get; init; }

    public required MemoryProfile Memory { get; init; }

    public required KernelProfile Kernel { get; init; }

    public required OperatingSystemProfile OperatingSystem { get; init; }

    public required IReadOnlyList<NumaNode> Numa { get; init; }

    public required IReadOnlyList<GpuProfile> Gpus { get; init; }

    /// <summary>As the hypervisor names itself in CPUID leaf 0x40000000, such as <c>KVMKVMKVM</c>; null on bare metal.</summary>
    public string? Hypervisor { get; init; }

    /// <summary>Whether software carries out the processor's instructions, as QEMU's TCG does: slow, and the last digits may be its own.</summary>
    public required bool Emulated { get; init; }

    /// <summary>The container runtime around us (<c>docker</c>, <c>podman</c>, <c>apptainer</c>, …); null outside one.</summary>
    public string? ContainerRuntime { get; init; }

    public SchedulerProfile? Scheduler { get; init; }

    /// <summary>How many ranks the MPI launcher around us has started; null outside one.</summary>
    public int? Ranks { get; init; }

    /// <summary>Kernel drivers of the fast networks that MPI libraries use, such as <c>mlx5_core</c>, in order; null for none, and in older profiles.</summary>
    public IReadOnlyList<string>? Fabrics { get; init; }

    /// <summary>Loaded environment modules, as LOADEDMODULES lists them.</summary>
    public required IReadOnlyList<string> Modules { get; init; }
}
