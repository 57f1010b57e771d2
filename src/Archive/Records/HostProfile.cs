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
    public bool Emulated { get; init; }

    /// <summary>The container runtime around us (<c>docker</c>, <c>podman</c>, <c>apptainer</c>, …); null outside one.</summary>
    public string? ContainerRuntime { get; init; }

    public SchedulerProfile? Scheduler { get; init; }

    /// <summary>Loaded environment modules, as LOADEDMODULES lists them.</summary>
    public required IReadOnlyList<string> Modules { get; init; }
}

/// <summary>The processor: what CPUID says, what the system has enabled, and the names people know it by.</summary>
public sealed record CpuProfile
{
    /// <summary>As OCI names it: <c>amd64</c>, <c>arm64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>x86-64 psABI level <c>v1</c>…<c>v4</c>, or the Arm architecture version <c>v8.2</c>; null when unknown.</summary>
    public string? Level { get; init; }

    /// <summary>As archspec names it: <c>zen4</c>, <c>skylake_avx512</c>, <c>neoverse_n1</c>.</summary>
    public string? Microarchitecture { get; init; }

    public required string Vendor { get; init; }

    public required string Brand { get; init; }

    public required int Family { get; init; }

    public required int Model { get; init; }

    public required int Stepping { get; init; }

    public string? Microcode { get; init; }

    /// <summary>What a program may use: CPUID and kernel and XCR0 agree. Named as in /proc/cpuinfo, in ordinal order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>In CPUID, but hidden by the kernel or not enabled in XCR0.</summary>
    public required IReadOnlyList<string> FeaturesDisabled { get; init; }

    /// <summary>Hexadecimal; null where it cannot be read.</summary>
    public string? Xcr0 { get; init; }

    /// <summary>AT_HWCAP and AT_HWCAP2, hexadecimal, on arm64.</summary>
    public IReadOnlyList<string>? Hwcaps { get; init; }

    /// <summary>Length of an SVE vector in a new process, in bytes; null without SVE.</summary>
    public int? SveVectorBytes { get; init; }

    public required IReadOnlyList<CpuCache> Caches { get; init; }

    public required int Sockets { get; init; }

    public required int Cores { get; init; }

    public required int Threads { get; init; }

    /// <summary>Whether the cores differ in features (big.LITTLE, hybrid); the features are then those all cores have.</summary>
    public required bool Hybrid { get; init; }
}

/// <summary>One cache as a core sees it.</summary>
public sealed record CpuCache
{
    public required int Level { get; init; }

    /// <summary><c>data</c>, <c>instruction</c> or <c>unified</c>.</summary>
    public required string Type { get; init; }

    public required long SizeBytes { get; init; }
}

/// <summary>Memory of the whole machine.</summary>
public sealed record MemoryProfile
{
    public required long TotalBytes { get; init; }

    /// <summary>Size of a page, in bytes.</summary>
    public required int PageBytes { get; init; }

    public required IReadOnlyList<HugePages> HugePages { get; init; }

    /// <summary><c>always</c>, <c>madvise</c> or <c>never</c>; null when unknown.</summary>
    public string? TransparentHugePages { get; init; }
}

/// <summary>A pool of huge pages.</summary>
public sealed record HugePages
{
    public required long PageBytes { get; init; }

    public required long Count { get; init; }
}

/// <summary>The running kernel.</summary>
public sealed record KernelProfile
{
    /// <summary>As uname -r prints it.</summary>
    public required string Release { get; init; }

    public required string Version { get; init; }

    /// <summary>Words of the kernel command line that switch CPU features, such as <c>clearcpuid=</c>.</summary>
    public required IReadOnlyList<string> CpuOptions { get; init; }
}

/// <summary>The distribution and its C library.</summary>
public sealed record OperatingSystemProfile
{
    /// <summary>ID of os-release: <c>debian</c>.</summary>
    public required string Id { get; init; }

    /// <summary>VERSION_ID; null for rolling releases.</summary>
    public string? VersionId { get; init; }

    public required string PrettyName { get; init; }

    /// <summary><c>glibc</c> or <c>musl</c>; null when unknown.</summary>
    public string? Libc { get; init; }

    public string? LibcVersion { get; init; }
}

/// <summary>One NUMA node.</summary>
public sealed record NumaNode
{
    public required int Node { get; init; }

    /// <summary>A list such as <c>0-15</c>.</summary>
    public required string Cpus { get; init; }

    public required long MemoryBytes { get; init; }
}

/// <summary>One GPU and its driver.</summary>
public sealed record GpuProfile
{
    /// <summary><c>nvidia</c>, <c>amd</c>, <c>intel</c>.</summary>
    public required string Vendor { get; init; }

    public required string Model { get; init; }

    /// <summary>PCI address, such as <c>0000:01:00.0</c>.</summary>
    public required string PciAddress { get; init; }

    /// <summary>Vendor and device, such as <c>10de:2330</c>.</summary>
    public required string PciId { get; init; }

    /// <summary>Version of the kernel driver; null when it is not loaded.</summary>
    public string? DriverVersion { get; init; }
}

/// <summary>The batch job around the run.</summary>
public sealed record SchedulerProfile
{
    /// <summary><c>slurm</c>.</summary>
    public required string Kind { get; init; }

    public required string JobId { get; init; }

    public string? StepId { get; init; }

    public string? Cluster { get; init; }

    public string? Partition { get; init; }

    public string? NodeList { get; init; }

    public int? NodeCount { get; init; }

    public int? TaskCount { get; init; }

    public int? TaskRank { get; init; }
}
