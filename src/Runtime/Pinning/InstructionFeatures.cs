using Iced.Intel;

namespace Provenance.Runtime.Pinning;

/// <summary>The processor features that an instruction needs, under the names that /proc/cpuinfo gives them.</summary>
internal static class InstructionFeatures
{
    /// <summary>Ordered; the features that every x86-64 processor has are left out.</summary>
    public static IReadOnlyList<string> Of(in Instruction instruction) =>
        [.. instruction.CpuidFeatures.Select(NameOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static string? NameOf(CpuidFeature feature) => feature switch
    {
        CpuidFeature.INTEL8086 or CpuidFeature.INTEL8086_ONLY or CpuidFeature.INTEL186 or CpuidFeature.INTEL286 or CpuidFeature.INTEL386
            or CpuidFeature.INTEL486 or CpuidFeature.X64 or CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387
            or CpuidFeature.CPUID or CpuidFeature.CMOV or CpuidFeature.MULTIBYTENOP or CpuidFeature.PAUSE or CpuidFeature.TSC
            or CpuidFeature.CX8 or CpuidFeature.FXSR or CpuidFeature.SSE or CpuidFeature.SSE2 or CpuidFeature.MMX => null,
        CpuidFeature.SSE3 => "pni",
        CpuidFeature.SSE4_1 => "sse4_1",
        CpuidFeature.SSE4_2 => "sse4_2",
        CpuidFeature.CMPXCHG16B => "cx16",
        CpuidFeature.LZCNT => "abm",
        CpuidFeature.AVX512_IFMA => "avx512ifma",
        CpuidFeature.AVX512_VBMI => "avx512vbmi",
        CpuidFeature.SHA => "sha_ni",
        CpuidFeature.D3NOW => "3dnow",
        CpuidFeature.D3NOWEXT => "3dnowext",
        CpuidFeature.AVX512F or CpuidFeature.AVX512VL or CpuidFeature.AVX512BW or CpuidFeature.AVX512CD or CpuidFeature.AVX512DQ
            or CpuidFeature.AVX512ER or CpuidFeature.AVX512PF => feature.ToString().ToLowerInvariant(),
        _ => feature.ToString().ToLowerInvariant(),
    };
}
