using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>What of the host the command line, or the record of a run, wants put into a container.</summary>
public sealed record InjectionRequest
{
    /// <summary>Where the host has its CDI specifications; of one name in both, that in the second counts.</summary>
    public static IReadOnlyList<string> DefaultCdiFolders { get; } = ["/etc/cdi", "/var/run/cdi"];

    public IReadOnlyList<FileToInject> Files { get; init; } = [];

    /// <summary>The image's MPI is replaced by the host's.</summary>
    public bool HostMpi { get; init; }

    /// <summary>CDI names, such as <c>nvidia.com/gpu=0</c>.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Folders of CDI specifications, the last one first.</summary>
    public IReadOnlyList<string> CdiFolders { get; init; } = DefaultCdiFolders;

    /// <summary>The host's GPUs, with their driver's libraries.</summary>
    public bool Gpu { get; init; }

    /// <summary>Goes on although rules refuse, where that can help at all.</summary>
    public bool Force { get; init; }

    /// <summary>Below which the host's drivers and devices are looked for; other than / where they are mounted elsewhere.</summary>
    public string HostRoot { get; init; } = "/";

    /// <summary>The caller's own environment: module systems tell in it where the MPI is, launchers which rank this is.</summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    /// <summary>Paths in the container of libraries that an earlier run of the same is known to have opened.</summary>
    public IReadOnlyList<string> Opened { get; init; } = [];

    public bool IsEmpty => Files.Count == 0 && !HostMpi && Devices.Count == 0 && !Gpu;

    /// <summary>The same options as a run had.</summary>
    public static InjectionRequest Of(InjectionOptions options) => new()
    {
        Files = [.. (options.Files ?? []).Select(file => new FileToInject(file.Source, file.Destination))],
        HostMpi = options.Mpi == "host",
        Devices = options.Devices ?? [],
        CdiFolders = options.CdiFolders ?? DefaultCdiFolders,
        Gpu = options.Gpu == true,
        HostRoot = options.DriverRoot ?? "/",
    };

    /// <summary>As a record has it; null where there is nothing.</summary>
    public InjectionOptions ToOptions() => new()
    {
        Files = Files.Count == 0 ? null : [.. Files.Select(file => new InjectedSource { Source = file.Source, Destination = file.Destination })],
        Mpi = HostMpi ? "host" : null,
        Devices = Devices.Count == 0 ? null : Devices,
        CdiFolders = Devices.Count == 0 || CdiFolders.SequenceEqual(DefaultCdiFolders) ? null : CdiFolders,
        Gpu = Gpu ? true : null,
        DriverRoot = HostRoot == "/" ? null : HostRoot,
    };
}
