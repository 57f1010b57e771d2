using System.Runtime.InteropServices;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Host;

/// <summary>Everything a profile is made from, so that a captured machine can stand in for this one.</summary>
internal sealed record HostSources
{
    /// <summary>Folder in place of <c>/</c>, without a slash at its end; empty for this machine.</summary>
    internal required string Root { get; init; }

    /// <summary>As OCI names it: <c>amd64</c>, <c>arm64</c>.</summary>
    internal required string Architecture { get; init; }

    /// <summary>Null where the processor has no CPUID.</summary>
    internal CpuidSource? Cpuid { get; init; }

    /// <summary>Null where it cannot be read.</summary>
    internal ulong? Xcr0 { get; init; }

    /// <summary>AT_HWCAP and AT_HWCAP2; null when they are not this machine's to ask.</summary>
    internal (ulong Hwcap, ulong Hwcap2)? Hwcaps { get; init; }

    /// <summary>Runs an action on each of some CPUs in turn; null when CPUID answers the same on all.</summary>
    internal Action<IReadOnlyList<int>, Action<int>>? OnEachCpu { get; init; }

    internal required Func<string, string?> Environment { get; init; }

    /// <summary>Size of a page, in bytes.</summary>
    internal required int PageBytes { get; init; }

    /// <summary>Version of the glibc in use; null on another C library, or when unknown.</summary>
    internal string? GlibcVersion { get; init; }

    /// <summary>The machine we run on.</summary>
    internal static HostSources Live() => new()
    {
        Root = "",
        Architecture = OciName(RuntimeInformation.ProcessArchitecture),
        Cpuid = Cpu.HasCpuid ? ReadCpuid : null,
        Xcr0 = Cpu.HasCpuid ? ReadXcr0() : null,
        Hwcaps = Cpu.HasCpuid ? null : Cpu.ReadHwcaps(),
        OnEachCpu = Cpu.OnEach,
        Environment = System.Environment.GetEnvironmentVariable,
        PageBytes = System.Environment.SystemPageSize,
        GlibcVersion = Cpu.GlibcVersion(),
    };

    private static CpuidRegisters ReadCpuid(uint leaf, uint subleaf)
    {
        var (eax, ebx, ecx, edx) = Cpu.Cpuid(leaf, subleaf);
        return new(eax, ebx, ecx, edx);
    }

    private static ulong? ReadXcr0()
    {
        const int OsXsave = 27;
        // XGETBV is an invalid instruction where the kernel has not set CR4.OSXSAVE.
        return (Cpu.Cpuid(1, 0).Ecx >> OsXsave & 1) == 0 ? 0 : Cpu.ReadXcr0();
    }

    private static string OciName(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
