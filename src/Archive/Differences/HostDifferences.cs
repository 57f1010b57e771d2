using Provenance.Archive.Records;

namespace Provenance.Archive.Differences;

/// <summary>What two machines have in common and what not: the processor feature by feature.</summary>
internal static class HostDifferences
{
    /// <summary>Node by node, in the order of the records.</summary>
    public static IReadOnlyList<Difference> Of(IReadOnlyList<HostProfile> a, IReadOnlyList<HostProfile> b)
    {
        int nodes = Math.Max(a.Count, b.Count);
        return
        [
            .. Enumerable.Range(0, nodes).SelectMany(node => Of(a.ElementAtOrDefault(node), b.ElementAtOrDefault(node))
                .Select(item => nodes == 1 ? item : item with { Name = $"node {node} {item.Name}" })),
        ];
    }

    private static List<Difference> Of(HostProfile? a, HostProfile? b) =>
    [
        // The name alone changes nothing: what it stands for is in the rows below.
        new("name", a?.Hostname, b?.Hostname, Counts: false),
        .. Processor(a?.Cpu, b?.Cpu),
        new("memory", Text(a?.Memory.TotalBytes, "bytes"), Text(b?.Memory.TotalBytes, "bytes")),
        new("page", Text(a?.Memory.PageBytes, "bytes"), Text(b?.Memory.PageBytes, "bytes")),
        new("kernel", a?.Kernel.Release, b?.Kernel.Release),
        new("kernel options", Words(a?.Kernel.CpuOptions), Words(b?.Kernel.CpuOptions)),
        new("system", a?.OperatingSystem.PrettyName, b?.OperatingSystem.PrettyName),
        new("libc", Libc(a?.OperatingSystem), Libc(b?.OperatingSystem)),
        new("hypervisor", a?.Hypervisor, b?.Hypervisor),
        new("emulated", a?.Emulated == true ? "yes" : null, b?.Emulated == true ? "yes" : null),
        new("inside", a?.ContainerRuntime, b?.ContainerRuntime),
        .. SideBySide.ByName(a?.Gpus ?? [], b?.Gpus ?? [], gpu => $"gpu {gpu.PciAddress}", gpu => $"{gpu.Model}, driver {gpu.DriverVersion}"),
        .. SideBySide.ByName(a?.Modules ?? [], b?.Modules ?? [], module => $"module {module}", _ => "loaded"),
    ];

    private static List<Difference> Processor(CpuProfile? a, CpuProfile? b) =>
    [
        new("processor", a?.Brand, b?.Brand),
        new("microarchitecture", a?.Microarchitecture, b?.Microarchitecture),
        new("level", Level(a), Level(b)),
        new("family", Family(a), Family(b)),
        new("microcode", a?.Microcode, b?.Microcode),
        new("cores", Cores(a), Cores(b)),
        new("caches", Caches(a), Caches(b)),
        .. SideBySide.ByName(a?.Features ?? [], b?.Features ?? [], feature => $"feature {feature}", _ => "yes"),
    ];

    private static string? Level(CpuProfile? cpu) => cpu is null ? null : $"{cpu.Architecture} {cpu.Level}".TrimEnd();

    private static string? Family(CpuProfile? cpu) =>
        cpu is null ? null : $"{cpu.Vendor} {cpu.Family}, model {cpu.Model}, stepping {cpu.Stepping}";

    private static string? Cores(CpuProfile? cpu) => cpu is null ? null : $"{cpu.Sockets} sockets, {cpu.Cores} cores, {cpu.Threads} threads";

    private static string? Caches(CpuProfile? cpu) =>
        cpu is null ? null : Words([.. cpu.Caches.Select(cache => $"L{cache.Level} {cache.Type} {cache.SizeBytes}")]);

    private static string? Libc(OperatingSystemProfile? system) => system?.Libc is { } libc ? $"{libc} {system.LibcVersion}" : null;

    private static string? Words(IReadOnlyList<string>? words) => words is null or [] ? null : string.Join(", ", words);

    private static string? Text(long? number, string unit) => number is null ? null : $"{number} {unit}";
}
