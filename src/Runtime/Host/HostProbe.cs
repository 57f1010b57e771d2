using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>Takes the profile of this machine. Starts no process and changes nothing; what cannot be read is left unknown.</summary>
public static class HostProbe
{
    /// <summary>QEMU's name for its software processor, in CPUID leaf 0x40000000.</summary>
    private const string TcgName = "TCGTCGTCGTCG";

    public static HostProfile Read() => Read(HostSources.Live());

    internal static HostProfile Read(HostSources sources)
    {
        var files = new MachineFiles(sources.Root);
        var surroundings = new SurroundingsProbe(files, sources.Environment);
        string? hypervisor = ReadHypervisor(sources, files);
        return new()
        {
            Schema = HostProfile.SchemaV1,
            Hostname = files.ReadText("/proc/sys/kernel/hostname") ?? "unknown",
            Cpu = ReadCpu(sources, files),
            Memory = MemoryProbe.Read(files, sources.PageBytes),
            Kernel = SystemProbe.ReadKernel(files),
            OperatingSystem = SystemProbe.ReadOperatingSystem(files, sources.GlibcVersion),
            Numa = MemoryProbe.ReadNuma(files),
            Gpus = GpuProbe.Read(files),
            Hypervisor = hypervisor,
            Emulated = hypervisor == TcgName || IsForeignKernel(sources, files),
            ContainerRuntime = surroundings.ReadContainerRuntime(),
            Scheduler = surroundings.ReadScheduler(),
            Ranks = surroundings.ReadRanks(),
            Fabrics = FabricProbe.Read(files),
            Modules = surroundings.ReadModules(),
        };
    }

    private static CpuProfile ReadCpu(HostSources sources, MachineFiles files)
    {
        var topology = Topology.Read(files);
        return sources.Architecture == "amd64"
            ? new X86Probe(sources, files, topology).Read()
            : new Arm64Probe(sources, files, topology).Read();
    }

    /// <summary>On arm64 nothing in the processor says so; the kernel knows when it is a Xen or KVM guest.</summary>
    private static string? ReadHypervisor(HostSources sources, MachineFiles files) => sources.Cpuid is { } cpuid
        ? X86Identity.Read(cpuid).Hypervisor
        : files.ReadText("/sys/hypervisor/type") ?? files.ReadText("/proc/device-tree/hypervisor/compatible")?.TrimEnd('\0');

    /// <summary>Whether we are an arm64 program on an x86 kernel: qemu-user passes the kernel's files through.</summary>
    private static bool IsForeignKernel(HostSources sources, MachineFiles files) =>
        sources.Architecture != "amd64"
        && files.ReadText("/sys/devices/system/cpu/modalias")?.StartsWith("cpu:type:x86", StringComparison.Ordinal) == true;
}
