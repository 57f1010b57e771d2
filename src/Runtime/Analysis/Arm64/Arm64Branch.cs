using Iced.Intel;

namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>Where an A64 instruction leads. Source: DDI 0487, C4.1.93 "Branches, Exception Generating and System instructions".</summary>
internal static class Arm64Branch
{
    /// <summary>Whether it is of that group at all: bits 28 to 26 are 101.</summary>
    internal static bool IsOfGroup(uint word) => (word & 0x1c000000) == 0x14000000;

    /// <returns>Where the flow goes, and the target of a direct branch; 0 for none.</returns>
    internal static (FlowControl Flow, ulong Target) Read(uint word, ulong address)
    {
        if ((word & 0x7c000000) == 0x14000000)
        {
            return ((word >> 31) != 0 ? FlowControl.Call : FlowControl.UnconditionalBranch, Target(address, word, 0, 26));
        }

        // B.cond and BC.cond, CBZ and CBNZ; TBZ and TBNZ.
        if ((word & 0xff000000) == 0x54000000 || (word & 0x7e000000) == 0x34000000)
        {
            return (FlowControl.ConditionalBranch, Target(address, word, 5, 19));
        }

        if ((word & 0x7e000000) == 0x36000000)
        {
            return (FlowControl.ConditionalBranch, Target(address, word, 5, 14));
        }

        return ((word & 0xfe000000) == 0xd6000000 ? Register(word) : Other(word), 0);
    }

    /// <summary>BR, BLR, RET, ERET, with and without pointer authentication: bits 24 to 21.</summary>
    private static FlowControl Register(uint word) => (word >> 21 & 7) switch
    {
        0 => FlowControl.IndirectBranch,
        1 => FlowControl.IndirectCall,
        _ => FlowControl.Return,
    };

    /// <summary>BRK and HLT end; SVC and system instructions go on.</summary>
    private static FlowControl Other(uint word) =>
        (word & 0xffe0001f) is 0xd4200000 or 0xd4400000 ? FlowControl.Exception : FlowControl.Next;

    private static ulong Target(ulong address, uint word, int low, int bits)
    {
        int offset = (int)(word << (32 - low - bits)) >> (32 - bits);
        return unchecked(address + (ulong)((long)offset * 4));
    }
}
