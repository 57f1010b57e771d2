using System.Numerics;

namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>arm64 processor features as bits of a word: those that an instruction can ask for, named as /proc/cpuinfo names them.</summary>
/// <remarks>
/// Numbers of the bits are nobody's business but this process'. Source of the names: Linux, Documentation/arch/arm64/elf_hwcaps.rst.
/// Left out are hwcaps that are no instruction's: <c>uscat</c>, <c>dgh</c>, <c>ecv</c>, <c>afp</c>, <c>rpres</c>, <c>bti</c> (hint space).
/// </remarks>
internal static class Arm64Features
{
    internal const ulong Aes = 1UL << 0, Pmull = 1UL << 1, Sha1 = 1UL << 2, Sha2 = 1UL << 3, Crc32 = 1UL << 4, Atomics = 1UL << 5,
        Fphp = 1UL << 6, AsimdHp = 1UL << 7, AsimdRdm = 1UL << 8, Jscvt = 1UL << 9, Fcma = 1UL << 10, Lrcpc = 1UL << 11,
        Dcpop = 1UL << 12, Sha3 = 1UL << 13, Sm3 = 1UL << 14, Sm4 = 1UL << 15, AsimdDp = 1UL << 16, Sha512 = 1UL << 17,
        Sve = 1UL << 18, AsimdFhm = 1UL << 19, Dit = 1UL << 20, Ilrcpc = 1UL << 21, Flagm = 1UL << 22, Ssbs = 1UL << 23,
        Sb = 1UL << 24, Paca = 1UL << 25, Pacg = 1UL << 26, Dcpodp = 1UL << 27, Sve2 = 1UL << 28, SveAes = 1UL << 29,
        SvePmull = 1UL << 30, SveBitPerm = 1UL << 31, SveSha3 = 1UL << 32, SveSm4 = 1UL << 33, Flagm2 = 1UL << 34, Frint = 1UL << 35,
        SveI8mm = 1UL << 36, SveF32mm = 1UL << 37, SveF64mm = 1UL << 38, SveBf16 = 1UL << 39, I8mm = 1UL << 40, Bf16 = 1UL << 41,
        Rng = 1UL << 42, Mte = 1UL << 43, Sme = 1UL << 44, SmeI16i64 = 1UL << 45, SmeF64f64 = 1UL << 46, Wfxt = 1UL << 47,
        Cssc = 1UL << 48, Sve2p1 = 1UL << 49, Sme2 = 1UL << 50, Mops = 1UL << 51, Hbc = 1UL << 52, SveB16b16 = 1UL << 53,
        Lrcpc3 = 1UL << 54, Lse128 = 1UL << 55, Fpmr = 1UL << 56, Lut = 1UL << 57, Faminmax = 1UL << 58, F8cvt = 1UL << 59,
        F8fma = 1UL << 60, F8dp4 = 1UL << 61, F8dp2 = 1UL << 62, Gcs = 1UL << 63;

    /// <summary>
    /// What no compiler emits by itself, so that programs use it only after asking. Every C library has memory tags behind a variable of its
    /// own. Known, and not counted, as RDRAND and XSAVE on x86-64.
    /// </summary>
    internal const ulong AskedFor = Dcpop | Dcpodp | Dit | Ssbs | Rng | Mte | Wfxt | Fpmr | Gcs;

    /// <summary>In order of the bits.</summary>
    private static readonly string[] Names = """
        aes pmull sha1 sha2 crc32 atomics fphp asimdhp asimdrdm jscvt fcma lrcpc dcpop sha3 sm3 sm4 asimddp sha512 sve asimdfhm dit
        ilrcpc flagm ssbs sb paca pacg dcpodp sve2 sveaes svepmull svebitperm svesha3 svesm4 flagm2 frint svei8mm svef32mm svef64mm
        svebf16 i8mm bf16 rng mte sme smei16i64 smef64f64 wfxt cssc sve2p1 sme2 mops hbc sveb16b16 lrcpc3 lse128 fpmr lut faminmax
        f8cvt f8fma f8dp4 f8dp2 gcs
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Names that are no instruction's are passed over.</summary>
    internal static ulong Of(IEnumerable<string> names) => names
        .Select(name => Array.IndexOf(Names, name))
        .Where(number => number >= 0)
        .Aggregate(0UL, (bits, number) => bits | (1UL << number));

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
}
