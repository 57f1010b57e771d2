using System.Numerics;

namespace Provenance.Runtime.Analysis;

/// <summary>x86 processor features as bits of a word: only those that compilers generate code for, named as /proc/cpuinfo names them.</summary>
/// <remarks>Numbers of the bits are nobody's business but this process'.</remarks>
internal static class FeatureBits
{
    /// <summary>LZCNT; where it is missing it is executed as BSR.</summary>
    internal const string Lzcnt = "abm";

    private static readonly string[] Names =
    [
        "pni", "ssse3", "sse4_1", "sse4_2", "popcnt", "cx16",
        "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", Lzcnt, "movbe",
        "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl",
        "aes", "pclmulqdq", "sha_ni", "vaes", "vpclmulqdq", "gfni", "adx",
        "avx512ifma", "avx512vbmi", "avx512_vbmi2", "avx512_vnni", "avx512_bitalg", "avx512_vpopcntdq", "avx512_bf16", "avx512_fp16",
        "avx512_vp2intersect", "avx512er", "avx512pf", "avx512_4vnniw", "avx512_4fmaps",
        "avx_vnni", "avx_ifma", "avx_vnni_int8", "avx_vnni_int16", "avx_ne_convert", "sha512", "sm3", "sm4",
        "amx_tile", "amx_int8", "amx_bf16", "amx_fp16", "amx_complex",
        "fma4", "xop", "tbm", "sse4a", "3dnow", "3dnowext", "cmpccxadd", "raoint",
    ];

    private static readonly Dictionary<string, int> Numbers = Names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);

    /// <summary>Each came with all before it.</summary>
    private static readonly string[] Ladder = ["pni", "cx16", "ssse3", "sse4_1", "sse4_2", "popcnt"];

    /// <summary>Computations on registers of 512 bits, and what came with them.</summary>
    private static readonly ulong Wide = Names
        .Where(name => name.StartsWith("avx512", StringComparison.Ordinal) || name.StartsWith("amx", StringComparison.Ordinal))
        .Aggregate(0UL, (bits, name) => bits | (1UL << Numbers[name]));

    private static readonly ulong Vex = Of("avx", "f16c", "fma", "fma4", "xop", "vaes", "vpclmulqdq", "avx_vnni", "avx_ifma");

    /// <summary>x86-64-v2 without the baseline.</summary>
    internal static ulong V2 { get; } = Of("pni", "ssse3", "sse4_1", "sse4_2", "popcnt", "cx16");

    /// <summary>x86-64-v3 without the baseline.</summary>
    internal static ulong V3 { get; } = V2 | Of("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", Lzcnt, "movbe");

    /// <summary>x86-64-v4 without the baseline.</summary>
    internal static ulong V4 { get; } = V3 | Of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl");

    internal static ulong Of(params ReadOnlySpan<string> names)
    {
        ulong bits = 0;
        foreach (string name in names)
        {
            bits |= 1UL << Numbers[name];
        }

        return bits;
    }

    /// <summary>Names that no compiler generates code for are passed over.</summary>
    internal static ulong OfKnown(IEnumerable<string> names)
    {
        ulong bits = 0;
        foreach (string name in names)
        {
            bits |= Numbers.TryGetValue(name, out int number) ? 1UL << number : 0;
        }

        return bits;
    }

    /// <summary>What a processor that has these has besides: no maker has sold one without.</summary>
    /// <remarks>Of those with AVX2 all but VIA's of 2015 have the whole of v3.</remarks>
    internal static ulong WithImplied(ulong bits)
    {
        bits |= (bits & Wide) != 0 ? V3 | Of("avx512f") : 0;
        bits |= (bits & Of("avx2")) != 0 ? V3 : 0;
        bits |= (bits & Vex) != 0 ? V2 | Of("avx") : 0;
        for (int i = 0; i < Ladder.Length; i++)
        {
            bits |= (bits & Of(Ladder[i])) != 0 ? Of(Ladder.AsSpan(0, i)) : 0;
        }

        return bits;
    }

    /// <summary>In ordinal order.</summary>
    internal static string[] NamesOf(ulong bits)
    {
        var names = new List<string>(BitOperations.PopCount(bits));
        for (; bits != 0; bits &= bits - 1)
        {
            names.Add(Names[BitOperations.TrailingZeroCount(bits)]);
        }

        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }

    /// <summary>The features of a psABI level: <c>v1</c> has none beyond the baseline.</summary>
    internal static ulong OfLevel(string level) => level switch
    {
        "v2" => V2,
        "v3" => V3,
        "v4" => V4,
        _ => 0,
    };
}
