using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Makes numeric libraries on this CPU choose the code that they would on the recorded one, as far as variables can.</summary>
/// <remarks>
/// glibc: sysdeps/x86/cpu-features.c; names of features changed in 2.33, and giving both works on either side. OpenBLAS:
/// driver/others/dynamic.c. NumPy: numpy/core/src/common/npy_cpu_features. Nothing can make a CPU do what it cannot: only features that this
/// host has and the recorded one had not are taken away.
/// </remarks>
internal static class DispatchSetting
{
    private const string Name = "recorded CPU";
    private const string Haswell = "Haswell";
    private const string Zen = "Zen";

    /// <summary>As the kernel names a feature; as glibc does, before 2.33 too; as NumPy does.</summary>
    private static readonly (string Feature, string[] Glibc, string? Numpy)[] Features =
    [
        ("avx", ["AVX", "AVX_Usable"], "AVX"),
        ("f16c", ["F16C"], "F16C"),
        ("fma", ["FMA", "FMA_Usable"], "FMA3"),
        ("fma4", ["FMA4", "FMA4_Usable"], "FMA4"),
        ("xop", ["XOP"], "XOP"),
        ("avx2", ["AVX2", "AVX2_Usable"], "AVX2"),
        ("avx512f", ["AVX512F", "AVX512F_Usable"], "AVX512F"),
        ("avx512cd", ["AVX512CD"], "AVX512CD"),
        ("avx512dq", ["AVX512DQ", "AVX512DQ_Usable"], null),
        ("avx512bw", ["AVX512BW"], null),
        ("avx512vl", ["AVX512VL"], null),
        ("bmi1", ["BMI1"], null),
        ("bmi2", ["BMI2"], null),
        ("movbe", ["MOVBE"], null),
        ("abm", ["LZCNT"], null),
        ("sse4_2", ["SSE4_2"], "SSE42"),
        ("sse4_1", ["SSE4_1"], "SSE41"),
        ("ssse3", ["SSSE3"], "SSSE3"),
        ("popcnt", ["POPCNT"], "POPCNT"),
    ];

    /// <summary>NumPy's names for groups: taken away when one feature of theirs is.</summary>
    private static readonly (string Group, string[] Features)[] NumpyGroups =
    [
        ("AVX512_SKX", ["avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq"]),
        ("AVX512_CLX", ["avx512f", "avx512_vnni"]),
        ("AVX512_CNL", ["avx512f", "avx512ifma", "avx512vbmi"]),
        ("AVX512_ICL", ["avx512f", "avx512_vbmi2", "avx512_bitalg", "avx512_vpopcntdq"]),
        ("AVX512_SPR", ["avx512f", "avx512_fp16"]),
    ];

    /// <summary>Which of OpenBLAS' kernels a CPU gets by its features, the newest first.</summary>
    private static readonly (string Core, string[] Needed)[] Cores =
    [
        ("Cooperlake", ["avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16"]),
        ("SkylakeX", ["avx512f", "avx512bw", "avx512dq", "avx512vl"]),
        (Haswell, ["avx2", "fma"]),
        ("Sandybridge", ["avx"]),
        ("Nehalem", ["sse4_2"]),
        ("Core2", ["ssse3"]),
        ("Prescott", ["pni"]),
    ];

    /// <returns>Null when no feature that counts is to be taken away, or the architecture has no such variables.</returns>
    public static ReplaySetting? Of(CpuProfile then, CpuProfile now, IReadOnlyList<EnvironmentEntry> environment)
    {
        if (then.Architecture != "amd64" || now.Architecture != "amd64")
        {
            return null;
        }

        var surplus = now.Features.Except(then.Features).ToHashSet(StringComparer.Ordinal);
        string? core = CoreOf(then);
        var variables = new List<EnvironmentEntry>();
        var glibc = Features.Where(feature => surplus.Contains(feature.Feature)).SelectMany(feature => feature.Glibc).ToList();
        if (glibc.Count > 0)
        {
            string others = environment.LastOrDefault(entry => entry.Name == "GLIBC_TUNABLES")?.Value is { Length: > 0 } set ? set + ":" : "";
            variables.Add(new("GLIBC_TUNABLES", $"{others}glibc.cpu.hwcaps={string.Join(',', glibc.Select(name => "-" + name))}"));
        }

        var numpy = NumpyNames(surplus, now);
        if (numpy.Count > 0)
        {
            variables.Add(new("NPY_DISABLE_CPU_FEATURES", string.Join(' ', numpy)));
        }

        // The kernel of a CPU that can more than this one would stop here; one of another maker's is chosen only where this can as much.
        if (surplus.Count > 0 && core is not null && core != CoreOf(now) && IsRunnable(core, now)
            && environment.All(entry => entry.Name != "OPENBLAS_CORETYPE"))
        {
            variables.Add(new("OPENBLAS_CORETYPE", core));
        }

        return variables.Count > 0 ? new ReplaySetting(Name, variables) : null;
    }

    private static bool IsRunnable(string core, CpuProfile cpu) =>
        Array.Find(Cores, known => known.Core == (core == Zen ? Haswell : core)).Needed.All(cpu.Features.Contains);

    /// <summary>AMD's own kernels go by model, not by feature: they are OpenBLAS' Zen, where it has AVX2.</summary>
    private static string? CoreOf(CpuProfile cpu)
    {
        string? core = Cores.FirstOrDefault(core => core.Needed.All(cpu.Features.Contains)).Core;
        return core == Haswell && cpu.Vendor == "AuthenticAMD" ? Zen : core;
    }

    private static List<string> NumpyNames(HashSet<string> surplus, CpuProfile now) =>
    [
        .. NumpyGroups.Where(group => group.Features.Any(surplus.Contains) && group.Features.All(now.Features.Contains)).Select(group => group.Group),
        .. Features.Where(feature => feature.Numpy is not null && surplus.Contains(feature.Feature)).Select(feature => feature.Numpy!),
    ];
}
