using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>What each instruction asks of the processor, by Iced's code: made once, for asking each instruction would take most of the time.</summary>
/// <remarks>
/// Left out is what never stops a program: TZCNT, which compilers emit in baseline code because older processors execute it as BSF with
/// the same result for what they ask; instructions that are no-operations where they are unknown (ENDBR64, PREFETCHW, PAUSE); and what no
/// compiler emits by itself (XSAVE, RDRAND, RDTSCP, XBEGIN, …), which programs use only after asking.
/// </remarks>
internal static class InstructionTable
{
    private static readonly HashSet<Mnemonic> Scalar =
    [
        Mnemonic.Sfence, Mnemonic.Lfence, Mnemonic.Mfence, Mnemonic.Ldmxcsr, Mnemonic.Stmxcsr, Mnemonic.Clflush, Mnemonic.Movnti,
        Mnemonic.Prefetchnta, Mnemonic.Prefetcht0, Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Crc32, Mnemonic.Pause,
    ];

    private static readonly HashSet<CpuidFeature> LegacyVectors =
    [
        CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.SSE3, CpuidFeature.SSSE3, CpuidFeature.SSE4_1, CpuidFeature.SSE4_2,
        CpuidFeature.AES, CpuidFeature.PCLMULQDQ, CpuidFeature.SHA, CpuidFeature.SSE4A,
    ];

    private static readonly ulong General = FeatureBits.Of("bmi1", "bmi2", "adx", "tbm", "cmpccxadd", "raoint", "abm", "movbe");

    static InstructionTable()
    {
        var codes = Enum.GetValues<Code>();
        int size = (int)codes.Max() + 1;
        (Features, IsVex, IsLegacyVector, IsApproximate) = (new ulong[size], new bool[size], new bool[size], new bool[size]);
        foreach (var code in codes)
        {
            int at = (int)code;
            var mnemonic = code.Mnemonic();
            var encoding = code.Encoding();
            var features = code.CpuidFeatures();
            Features[at] = mnemonic == Mnemonic.Tzcnt ? 0 : BitsOf(features);
            IsVex[at] = encoding is EncodingKind.VEX or EncodingKind.EVEX or EncodingKind.XOP && (Features[at] & ~General) != 0;
            IsLegacyVector[at] = encoding == EncodingKind.Legacy && !Scalar.Contains(mnemonic) && Array.Exists(features, LegacyVectors.Contains);
            IsApproximate[at] = mnemonic is Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss
                or Mnemonic.Vrcpps or Mnemonic.Vrcpss or Mnemonic.Vrsqrtps or Mnemonic.Vrsqrtss;
        }
    }

    /// <summary>Beyond the baseline of x86-64, as <see cref="FeatureBits"/>.</summary>
    internal static ulong[] Features { get; }

    /// <summary>Computes on vectors in the encoding that AVX brought.</summary>
    internal static bool[] IsVex { get; }

    /// <summary>Computes on vectors in the encoding of SSE.</summary>
    internal static bool[] IsLegacyVector { get; }

    /// <summary>Its result is approximate and not the same on processors of every vendor.</summary>
    internal static bool[] IsApproximate { get; }

    private static ulong BitsOf(CpuidFeature[] features)
    {
        ulong bits = 0;
        foreach (var feature in features)
        {
            if (NameOf(feature) is { } name)
            {
                bits |= FeatureBits.Of(name);
            }
        }

        return bits;
    }

    private static string? NameOf(CpuidFeature feature) => feature switch
    {
        CpuidFeature.SSE3 => "pni",
        CpuidFeature.SSSE3 => "ssse3",
        CpuidFeature.SSE4_1 => "sse4_1",
        CpuidFeature.SSE4_2 => "sse4_2",
        CpuidFeature.POPCNT => "popcnt",
        CpuidFeature.CMPXCHG16B => "cx16",
        CpuidFeature.AVX => "avx",
        CpuidFeature.AVX2 => "avx2",
        CpuidFeature.BMI1 => "bmi1",
        CpuidFeature.BMI2 => "bmi2",
        CpuidFeature.F16C => "f16c",
        CpuidFeature.FMA => "fma",
        CpuidFeature.LZCNT => FeatureBits.Lzcnt,
        CpuidFeature.MOVBE => "movbe",
        CpuidFeature.AES => "aes",
        CpuidFeature.PCLMULQDQ => "pclmulqdq",
        CpuidFeature.SHA => "sha_ni",
        CpuidFeature.VAES => "vaes",
        CpuidFeature.VPCLMULQDQ => "vpclmulqdq",
        CpuidFeature.GFNI => "gfni",
        CpuidFeature.ADX => "adx",
        CpuidFeature.FMA4 => "fma4",
        CpuidFeature.XOP => "xop",
        CpuidFeature.TBM => "tbm",
        CpuidFeature.SSE4A => "sse4a",
        CpuidFeature.D3NOW => "3dnow",
        CpuidFeature.D3NOWEXT => "3dnowext",
        CpuidFeature.CMPCCXADD => "cmpccxadd",
        CpuidFeature.RAO_INT => "raoint",
        CpuidFeature.SHA512 => "sha512",
        CpuidFeature.SM3 => "sm3",
        CpuidFeature.SM4 => "sm4",
        _ => NameOfLater(feature),
    };

    private static string? NameOfLater(CpuidFeature feature) => feature switch
    {
        CpuidFeature.AVX512F => "avx512f",
        CpuidFeature.AVX512BW => "avx512bw",
        CpuidFeature.AVX512CD => "avx512cd",
        CpuidFeature.AVX512DQ => "avx512dq",
        CpuidFeature.AVX512VL => "avx512vl",
        CpuidFeature.AVX512_IFMA => "avx512ifma",
        CpuidFeature.AVX512_VBMI => "avx512vbmi",
        CpuidFeature.AVX512_VBMI2 => "avx512_vbmi2",
        CpuidFeature.AVX512_VNNI => "avx512_vnni",
        CpuidFeature.AVX512_BITALG => "avx512_bitalg",
        CpuidFeature.AVX512_VPOPCNTDQ => "avx512_vpopcntdq",
        CpuidFeature.AVX512_BF16 => "avx512_bf16",
        CpuidFeature.AVX512_FP16 => "avx512_fp16",
        CpuidFeature.AVX512_VP2INTERSECT => "avx512_vp2intersect",
        CpuidFeature.AVX512ER => "avx512er",
        CpuidFeature.AVX512PF => "avx512pf",
        CpuidFeature.AVX512_4VNNIW => "avx512_4vnniw",
        CpuidFeature.AVX512_4FMAPS => "avx512_4fmaps",
        CpuidFeature.AVX_VNNI => "avx_vnni",
        CpuidFeature.AVX_IFMA => "avx_ifma",
        CpuidFeature.AVX_VNNI_INT8 => "avx_vnni_int8",
        CpuidFeature.AVX_VNNI_INT16 => "avx_vnni_int16",
        CpuidFeature.AVX_NE_CONVERT => "avx_ne_convert",
        CpuidFeature.AMX_TILE => "amx_tile",
        CpuidFeature.AMX_INT8 => "amx_int8",
        CpuidFeature.AMX_BF16 => "amx_bf16",
        CpuidFeature.AMX_FP16 => "amx_fp16",
        CpuidFeature.AMX_COMPLEX => "amx_complex",
        _ => null,
    };
}
