using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>The processor of an arm64 machine: the kernel's word, for user space has no other.</summary>
internal sealed class Arm64Probe(HostSources sources, MachineFiles files, Topology topology)
{
    internal CpuProfile Read()
    {
        var info = CpuInfo.Parse(files.ReadText("/proc/cpuinfo"));
        int implementer = Number(info, "CPU implementer"), part = Number(info, "CPU part");
        var features = ReadFeatures(info);
        string level = Arm64Hwcaps.Level(features);
        bool hybrid = topology.Hybrid || info.Blocks.Select(b => b.GetValueOrDefault("CPU part")).Distinct().Skip(1).Any();
        return new()
        {
            Architecture = sources.Architecture,
            Level = level,
            Microarchitecture = hybrid
                ? Arm64Processors.NameOf(0, 0, level)
                : Arm64Processors.NameOf(implementer, part, level),
            Vendor = Arm64Processors.VendorOf(implementer),
            Brand = info.Field("model name") ?? $"{Arm64Processors.VendorOf(implementer)} part 0x{part:x3}",
            Family = Number(info, "CPU architecture"),
            Model = part,
            Stepping = (Number(info, "CPU variant") << 4) | Number(info, "CPU revision"),
            Features = [.. features.Order(StringComparer.Ordinal)],
            FeaturesDisabled = [],
            Hwcaps = sources.Hwcaps is { } words ? [Hex(words.Hwcap), Hex(words.Hwcap2)] : null,
            SveVectorBytes = features.Contains("sve")
                ? (int?)files.ReadNumber("/proc/sys/abi/sve_default_vector_length")
                : null,
            Caches = CpuCaches.FromSysfs(files),
            Sockets = topology.Sockets,
            Cores = topology.Cores,
            Threads = topology.Threads,
            Hybrid = hybrid,
        };
    }

    /// <summary>AT_HWCAP is what all cores have and what every dispatcher looks at; /proc/cpuinfo stands in for another machine's.</summary>
    private IReadOnlySet<string> ReadFeatures(CpuInfo info) => sources.Hwcaps is { } words
        ? Arm64Hwcaps.NamesOf(words.Hwcap, words.Hwcap2)
        : info.CommonWords("Features") ?? new HashSet<string>();

    /// <summary>Decimal, or hexadecimal with <c>0x</c>; 0 when the field is missing or no number.</summary>
    private static int Number(CpuInfo info, string field)
    {
        string text = info.Field(field) ?? "";
        bool hex = text.StartsWith("0x", StringComparison.Ordinal);
        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return int.TryParse(hex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private static string Hex(ulong word) => "0x" + word.ToString("x", CultureInfo.InvariantCulture);
}
