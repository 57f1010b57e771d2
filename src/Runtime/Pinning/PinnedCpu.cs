using Provenance.Runtime.Host;

namespace Provenance.Runtime.Pinning;

/// <summary>The processor that a job is shown: another one's CPUID, as far as this one can keep what it promises.</summary>
/// <remarks>
/// Sources: Intel SDM volume 2 (CPUID), AMD APM volume 3 appendix E. A feature is shown only where both have it. What describes how
/// much state this machine saves (leaf 0xD: ld.so makes room by it), how its CPUs are numbered, and how its clock counts is its own.
/// </remarks>
internal sealed class PinnedCpu(CpuidSource shown, CpuidSource here)
{
    private const uint Xsave = 1u << 26, OsXsave = 1u << 27;
    private const uint FirstHypervisor = 0x40000000, LastHypervisor = 0x400000ff, FirstExtended = 0x80000000;

    /// <summary>What a program gets for CPUID.</summary>
    public CpuidRegisters Answer(uint leaf, uint subleaf)
    {
        // Leaves without subleaves ignore ECX, whatever it holds.
        uint index = IsIndexed(leaf) ? subleaf : 0;
        var ours = here(leaf, subleaf);
        if (leaf is >= FirstHypervisor and <= LastHypervisor)
            return default;
        if (IsOfThisMachine(leaf))
            return leaf == 0xd && (shown(1, 0).Ecx & Xsave) == 0 ? default : ours;
        // Beyond the last leaf the answer has no meaning: it is the same on every processor here.
        if (leaf > shown(leaf & FirstExtended, 0).Eax)
            return default;
        return Both(leaf, index, shown(leaf, index), ours);
    }

    private static CpuidRegisters Both(uint leaf, uint index, CpuidRegisters shown, CpuidRegisters ours) => leaf switch
    {
        // EBX: the number of this CPU, and of those in its package, stand in the upper half.
        1 => new(
            shown.Eax, (shown.Ebx & 0xffff) | (ours.Ebx & 0xffff0000),
            (shown.Ecx & ours.Ecx & ~OsXsave) | ((shown.Ecx & Xsave) != 0 ? ours.Ecx & OsXsave : 0), shown.Edx & ours.Edx),
        7 when index == 0 => new(Math.Min(shown.Eax, ours.Eax), shown.Ebx & ours.Ebx, shown.Ecx & ours.Ecx, shown.Edx & ours.Edx),
        0x80000001 => new(shown.Eax, shown.Ebx, shown.Ecx & ours.Ecx, shown.Edx & ours.Edx),
        0x80000008 => new(ours.Eax, shown.Ebx & ours.Ebx, ours.Ecx, ours.Edx),
        6 or 7 or 0x19 or 0x21 or 0x24 or 0x8000000a or 0x8000001f or 0x80000021 =>
            new(shown.Eax & ours.Eax, shown.Ebx & ours.Ebx, shown.Ecx & ours.Ecx, shown.Edx & ours.Edx),
        _ => shown,
    };

    private static bool IsIndexed(uint leaf) => leaf is
        0x4 or 0x7 or 0xb or 0xd or 0xf or 0x10 or 0x12 or 0x14 or 0x17 or 0x18 or 0x1b or 0x1d or 0x1e or 0x1f or 0x20 or 0x23 or 0x24
        or 0x8000001d or 0x80000020 or 0x80000026;

    /// <summary>State size, topology, clock, tracing.</summary>
    private static bool IsOfThisMachine(uint leaf) => leaf is
        0x5 or 0xb or 0xd or 0xf or 0x10 or 0x12 or 0x14 or 0x15 or 0x16 or 0x1f or 0x80000007 or 0x8000001e or 0x80000026;
}
