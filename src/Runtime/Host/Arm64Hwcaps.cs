using System.Numerics;

namespace Provenance.Runtime.Host;

/// <summary>Features that the kernel gives a program on arm64, under the names of /proc/cpuinfo.</summary>
/// <remarks>Source: Linux, arch/arm64/include/uapi/asm/hwcap.h. Names stand in order of bit, from bit 0.</remarks>
internal static class Arm64Hwcaps
{
    private static readonly string[] Hwcap = Split("""
        fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm jscvt fcma lrcpc dcpop sha3 sm3 sm4
        asimddp sha512 sve asimdfhm dit uscat ilrcpc flagm ssbs sb paca pacg
        """);

    private static readonly string[] Hwcap2 = Split("""
        dcpodp sve2 sveaes svepmull svebitperm svesha3 svesm4 flagm2 frint svei8mm svef32mm svef64mm svebf16 i8mm bf16 dgh rng
        bti mte ecv afp rpres mte3 sme smei16i64 smef64f64 smei8i32 smef16f32 smeb16f32 smef32f32 smefa64 wfxt ebf16 sveebf16
        cssc rprfm sve2p1 sme2 sme2p1 smei16i32 smebi32i32 smeb16b16 smef16f16 mops hbc sveb16b16 lrcpc3 lse128 fpmr lut
        faminmax f8cvt f8fma f8dp4 f8dp2 f8e4m3 f8e5m2 smelutv2 smef8f16 smef8f32 smesf8fma smesf8dp4 smesf8dp2 poe
        """);

    internal static IReadOnlySet<string> NamesOf(ulong hwcap, ulong hwcap2) =>
        new HashSet<string>([.. NamesOf(hwcap, Hwcap), .. NamesOf(hwcap2, Hwcap2)], StringComparer.Ordinal);

    /// <summary>The architecture version whose mandatory features are all there: <c>v8.2</c>, <c>v9.0</c>.</summary>
    /// <remarks>Source: Arm Architecture Reference Manual, A2. Only features that the kernel shows can be asked for.</remarks>
    internal static string Level(IReadOnlySet<string> features)
    {
        string level = "v8.0";
        foreach (var (name, basis, needed) in Levels)
        {
            if (string.CompareOrdinal(basis, level) <= 0 && Array.TrueForAll(needed, features.Contains))
                level = name;
        }

        return level;
    }

    private static readonly (string Name, string Basis, string[] Needed)[] Levels =
    [
        ("v8.1", "v8.0", ["atomics", "asimdrdm", "crc32"]),
        ("v8.2", "v8.1", ["dcpop"]),
        ("v8.3", "v8.2", ["fcma", "jscvt", "lrcpc"]),
        ("v8.4", "v8.3", ["asimddp", "flagm", "ilrcpc", "uscat"]),
        ("v8.5", "v8.4", ["bti", "dcpodp", "flagm2", "frint", "sb"]),
        ("v8.6", "v8.5", ["bf16", "i8mm"]),
        ("v9.0", "v8.4", ["dcpodp", "flagm2", "frint", "sb", "sve2"]),
        ("v9.2", "v9.0", ["bf16", "i8mm", "wfxt"]),
    ];

    private static IEnumerable<string> NamesOf(ulong bits, string[] names)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            int bit = BitOperations.TrailingZeroCount(bits);
            if (bit < names.Length)
                yield return names[bit];
        }
    }

    private static string[] Split(string names) => names.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
