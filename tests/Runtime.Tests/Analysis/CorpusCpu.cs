using Provenance.Archive.Records;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>A processor that qemu imitates, as a host's profile: what its CPUID claims of code features.</summary>
internal static class CorpusCpu
{
    private const string V2 = "cx16 lahf_lm pni popcnt sse4_1 sse4_2 ssse3";
    private const string V3 = $"abm avx avx2 bmi1 bmi2 f16c fma movbe {V2}";

    /// <summary>By qemu's name of the model, with features and level.</summary>
    internal static IReadOnlyList<(string Model, string Features, string Level)> All { get; } =
    [
        ("core2duo", "cx16 lahf_lm pni ssse3", "v1"),
        ("Nehalem", V2, "v2"),
        ("SandyBridge", $"aes avx pclmulqdq {V2}", "v2"),
        ("Haswell", $"aes pclmulqdq {V3}", "v3"),
        ("max", $"3dnow 3dnowext adx aes pclmulqdq sha_ni sse4a {V3}", "v3"),
    ];

    /// <summary>A processor of today, on which the corpus is recorded.</summary>
    internal static HostProfile Recorded { get; } = Host(
        "today", $"adx aes avx512bw avx512cd avx512dq avx512f avx512vl pclmulqdq sha_ni {V3}", "v4");

    internal static HostProfile Host(string model, string features, string level) => new()
    {
        Schema = HostProfile.SchemaV1,
        Hostname = model,
        Cpu = new()
        {
            Architecture = "amd64",
            Level = level,
            Vendor = "GenuineIntel",
            Brand = model,
            Family = 6,
            Model = 1,
            Stepping = 1,
            Features = [.. features.Split(' ').Order(StringComparer.Ordinal)],
            FeaturesDisabled = [],
            Caches = [],
            Sockets = 1,
            Cores = 1,
            Threads = 1,
            Hybrid = false,
        },
        Memory = new() { TotalBytes = 1L << 33, PageBytes = 4096, HugePages = [] },
        Kernel = new() { Release = "6.1.0", Version = "#1", CpuOptions = [] },
        OperatingSystem = new() { Id = "debian", PrettyName = "Debian" },
        Numa = [],
        Gpus = [],
        Emulated = false,
        Modules = [],
    };
}
