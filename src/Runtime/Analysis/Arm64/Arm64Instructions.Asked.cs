using Provenance.Runtime.Host;

namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>Which features an object asks for by the bits that it tests, so that one that it has code for and never asks for is seen.</summary>
internal sealed partial class Arm64Instructions
{
    /// <summary>What is there where another feature is, or is asked for with it. Source: DDI 0487, A2; gcc, config/aarch64/aarch64-arches.def.</summary>
    private static readonly (ulong Asked, ulong Implied)[] Implications =
    [
        (Arm64Features.Sve2p1, Arm64Features.Sve2),
        (Arm64Features.SveAes | Arm64Features.SveSha3 | Arm64Features.SveSm4 | Arm64Features.SveBitPerm | Arm64Features.SvePmull, Arm64Features.Sve2),
        (Arm64Features.SveI8mm | Arm64Features.SveBf16 | Arm64Features.SveF32mm | Arm64Features.SveF64mm | Arm64Features.Sve2, Arm64Features.Sve),
        (
            Arm64Features.Sve | Arm64Features.AsimdDp | Arm64Features.AsimdHp | Arm64Features.Fphp,
            Arm64Features.Atomics | Arm64Features.Crc32 | Arm64Features.AsimdRdm),
        (Arm64Features.Sve | Arm64Features.Fphp | Arm64Features.AsimdHp | Arm64Features.AsimdFhm, Arm64Features.Fphp | Arm64Features.AsimdHp),
        (Crypto, Crypto),
        (Arm64Features.Sha3 | Arm64Features.Sha512, Arm64Features.Sha3 | Arm64Features.Sha512),
        (Arm64Features.Sm3 | Arm64Features.Sm4, Arm64Features.Sm3 | Arm64Features.Sm4),
        (Arm64Features.I8mm, Arm64Features.SveI8mm),
        (Arm64Features.Bf16, Arm64Features.SveBf16),
        (Arm64Features.Paca | Arm64Features.Pacg, Arm64Features.Paca | Arm64Features.Pacg),
    ];

    private const ulong Crypto = Arm64Features.Aes | Arm64Features.Pmull | Arm64Features.Sha1 | Arm64Features.Sha2;

    /// <inheritdoc/>
    /// <remarks>Only where all that it goes by is AT_HWCAP: fields of ID registers, and what another object knows, have bits of their own.</remarks>
    internal override ulong Unasked(IReadOnlySet<CodeFunction> dispatchers)
    {
        if (_probers.Count > 0 || Code.ReadsForeignAnswers || dispatchers.Any(ReadsIdRegister))
        {
            return 0;
        }

        ulong bits = 0;
        foreach (var function in dispatchers)
        {
            bits |= TestedBits(function);
        }

        return bits == 0 ? 0 : ~FeaturesOf(bits);
    }

    private static ulong FeaturesOf(ulong bits)
    {
        ulong features = Arm64Features.Of(Arm64Hwcaps.NamesOf(bits, bits));
        foreach (var (asked, implied) in Implications)
        {
            features |= (features & asked) != 0 ? implied : 0;
        }

        return features;
    }

    private bool ReadsIdRegister(CodeFunction function)
    {
        foreach (uint word in Words(function))
        {
            if (IsIdRegister(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>By numbers in instructions, and by those in registers that AND, BIC and their kin take: MOVZ and MOVK put them there.</summary>
    private ulong TestedBits(CodeFunction function)
    {
        ulong bits = 0;
        var numbers = new ulong[32];
        foreach (uint word in Words(function))
        {
            bits |= TestedBits(word);
            int to = (int)(word & 31);
            if ((word & 0x7f800000) is 0x52800000 or 0x72800000)
            {
                ulong part = (ulong)(word >> 5 & 0xffff) << (int)((word >> 21 & 3) * 16);
                numbers[to] = part | ((word & 0x20000000) != 0 ? numbers[to] : 0);
            }
            else if ((word & 0x1f000000) == 0x0a000000 && (word >> 29 & 3) is 0 or 3)
            {
                bits |= numbers[word >> 16 & 31] | numbers[word >> 5 & 31];
            }
        }

        return bits;
    }

    /// <summary>TBZ, TBNZ; AND, ANDS with a number; UBFX, LSR.</summary>
    private static ulong TestedBits(uint word)
    {
        if ((word & 0x7e000000) == 0x36000000)
        {
            return 1UL << (int)((word >> 19 & 31) | (word >> 26 & 32));
        }

        if ((word & 0x7f800000) is 0x12000000 or 0x72000000 && (word >> 31 != 0 || (word & 0x00400000) == 0))
        {
            return BitMask(word);
        }

        int low = (int)(word >> 16 & 63), high = (int)(word >> 10 & 63);
        return (word & 0x7f800000) == 0x53000000 && high >= low ? ulong.MaxValue >> (63 - high + low) << low : 0;
    }

    /// <summary>The number of a logical instruction. Source: DDI 0487, DecodeBitMasks().</summary>
    private static ulong BitMask(uint word)
    {
        uint n = word >> 22 & 1, rotation = word >> 16 & 63, ones = word >> 10 & 63;
        uint sized = (n << 6) | (~ones & 63);
        if (sized < 2)
        {
            return 0;
        }

        int length = 31 - System.Numerics.BitOperations.LeadingZeroCount(sized), size = 1 << length;
        int count = (int)(ones & (uint)(size - 1)) + 1, turned = (int)(rotation & (uint)(size - 1));
        if (count == size)
        {
            return 0;
        }

        ulong element = (1UL << count) - 1, all = size == 64 ? ulong.MaxValue : (1UL << size) - 1;
        element = turned == 0 ? element : ((element >> turned) | (element << (size - turned))) & all;
        ulong mask = 0;
        for (int at = 0; at < 64; at += size)
        {
            mask |= element << at;
        }

        return word >> 31 != 0 ? mask : (uint)mask;
    }
}
