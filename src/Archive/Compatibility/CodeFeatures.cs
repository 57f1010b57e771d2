using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Processor features that a compiler generates code for, or a numeric library chooses code by.</summary>
/// <remarks>
/// Only these can stop a job or change its numbers. All others are for kernels and hypervisors (<c>smep</c>, <c>vmx</c>), are asked
/// for before use because no compiler emits them by itself (<c>rdrand</c>, <c>rtm</c>, <c>clwb</c>), or make the same thing faster
/// (<c>erms</c>). The list is part of the format: schema/FORMAT.d/compatibility.md.
/// </remarks>
public static class CodeFeatures
{
    private static readonly HashSet<string> X86 = Split("""
        mmx mmxext sse sse2 pni ssse3 sse4_1 sse4_2 sse4a cx16 lahf_lm popcnt abm movbe avx avx2 bmi1 bmi2 f16c fma fma4 xop tbm
        3dnow 3dnowext aes pclmulqdq sha_ni adx gfni vaes vpclmulqdq sha512 sm3 sm4 cmpccxadd raoint apx_f
        """);

    private static readonly HashSet<string> Arm64 = Split("""
        fp asimd aes pmull sha1 sha2 sha3 sha512 sm3 sm4 crc32 atomics fphp asimdhp asimdrdm jscvt fcma lrcpc ilrcpc lrcpc3
        lse128 asimddp asimdfhm flagm flagm2 frint i8mm bf16 ebf16 cssc mops faminmax lut fpmr
        """);

    /// <summary>Instructions that a program uses only after asking for them, or that do nothing where they are missing.</summary>
    private static readonly HashSet<string> AskedFor = Split("""
        rdrand rdseed rdtscp rdpid rdpru fsgsbase rtm hle pku ospke clflush clflushopt clwb clzero cldemote movdiri movdir64b
        enqcmd waitpkg serialize tsxldtrk mwaitx monitor xsave xsavec xsaveopt xsaves xgetbv1 3dnowprefetch prefetchwt1 lwp mpx
        umip user_shstk ibt rng mte mte2 mte3 bti paca pacg sb ssbs dit wfxt
        """);

    /// <summary>Whole families, so that a member that comes later is not forgotten.</summary>
    private static readonly string[] X86Families = ["avx512", "avx_", "avx10", "amx_"];

    /// <remarks>On x86 <c>sme</c> is memory encryption and <c>smep</c> a kernel's protection: each architecture has its own list.</remarks>
    private static readonly string[] Arm64Families = ["sve", "sme", "f8"];

    /// <summary>Those of a processor's features, in its order.</summary>
    internal static IEnumerable<string> Of(CpuProfile cpu)
    {
        var (names, families) = cpu.Architecture == "arm64" ? (Arm64, Arm64Families) : (X86, X86Families);
        return cpu.Features.Where(feature => names.Contains(feature)
            || Array.Exists(families, f => feature.StartsWith(f, StringComparison.Ordinal)));
    }

    /// <summary>Whether it is such a feature of an x86 processor.</summary>
    public static bool IsForCodeOfX86(string feature) =>
        X86.Contains(feature) || Array.Exists(X86Families, f => feature.StartsWith(f, StringComparison.Ordinal));

    /// <summary>Whether programs use it at all, though never without asking.</summary>
    internal static bool IsAskedFor(string feature) => AskedFor.Contains(feature);

    private static HashSet<string> Split(string names) =>
        names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
}
