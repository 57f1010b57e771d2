using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>The processor of an x86-64 machine: CPUID, what the kernel shows of it, and what XCR0 enables.</summary>
internal sealed class X86Probe(HostSources sources, MachineFiles files, Topology topology)
{
    internal CpuProfile Read()
    {
        var info = CpuInfo.Parse(files.ReadText("/proc/cpuinfo"));
        var kernel = info.CommonWords("flags");
        var identity = sources.Cpuid is { } cpuid ? X86Identity.Read(cpuid) : IdentityFromKernel(info);
        var claimed = ReadClaimed(kernel);
        HashSet<string> usable = sources.Cpuid is null
            ? claimed
            : [.. X86Features.Usable(claimed, kernel, sources.Xcr0)];
        string level = X86Level.Of(usable);
        return new()
        {
            Architecture = sources.Architecture,
            Level = level,
            Microarchitecture = X86Microarchitectures.Find(identity, level, usable),
            Vendor = identity.Vendor,
            Brand = identity.Brand.Length > 0 ? identity.Brand : info.Field("model name") ?? "unknown",
            Family = identity.Family,
            Model = identity.Model,
            Stepping = identity.Stepping,
            Microcode = info.Field("microcode"),
            Features = Ordered(usable),
            FeaturesDisabled = Ordered(claimed.Except(usable)),
            Xcr0 = sources.Xcr0 is { } xcr0 ? "0x" + xcr0.ToString("x", CultureInfo.InvariantCulture) : null,
            Cpuid = sources.Cpuid is null ? null : CpuidTable.Record(sources.Cpuid),
            Caches = ReadCaches(identity.Vendor),
            Sockets = topology.Sockets,
            Cores = topology.Cores,
            Threads = topology.Threads,
            Hybrid = topology.Hybrid,
        };
    }

    private static IReadOnlyList<string> Ordered(IEnumerable<string> names) =>
        [.. names.Order(StringComparer.Ordinal)];

    /// <summary>What all cores claim. Cores can only differ on a hybrid processor, and asking each costs a migration.</summary>
    private HashSet<string> ReadClaimed(IReadOnlySet<string>? kernel)
    {
        if (sources.Cpuid is not { } cpuid)
            return [.. X86Features.OfKernel(kernel ?? new HashSet<string>())];

        var common = X86Features.Claimed(cpuid);
        if (topology.Hybrid)
            sources.OnEachCpu?.Invoke(topology.Online, _ => common.IntersectWith(X86Features.Claimed(cpuid)));

        return common;
    }

    /// <summary>On a hybrid processor those of the first core, so that two probes of one machine agree.</summary>
    private IReadOnlyList<CpuCache> ReadCaches(string vendor)
    {
        if (sources.Cpuid is not { } cpuid)
            return CpuCaches.FromSysfs(files);

        IReadOnlyList<CpuCache> caches = [];
        if (topology.Hybrid && sources.OnEachCpu is { } onEachCpu)
            onEachCpu([.. topology.Online.Take(1)], _ => caches = CpuCaches.FromCpuid(cpuid, vendor));
        else
            caches = CpuCaches.FromCpuid(cpuid, vendor);

        return caches.Count > 0 ? caches : CpuCaches.FromSysfs(files);
    }

    private static X86Identity IdentityFromKernel(CpuInfo info) => new()
    {
        Vendor = info.Field("vendor_id") ?? "unknown",
        Brand = info.Field("model name") ?? "",
        Family = Number(info, "cpu family"),
        Model = Number(info, "model"),
        Stepping = Number(info, "stepping"),
    };

    private static int Number(CpuInfo info, string field) => int.TryParse(info.Field(field), out int number) ? number : 0;
}
