namespace Provenance.Archive.Records;

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

    /// <summary>
    /// All that CPUID says, as lines <c>leaf subleaf eax ebx ecx edx</c> of hexadecimal numbers; null on other architectures, and in
    /// profiles made before it was kept.
    /// </summary>
    public IReadOnlyList<string>? Cpuid { get; init; }

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
