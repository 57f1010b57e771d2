using System.Globalization;

namespace Provenance.Runtime.Host;

/// <summary>CPUID of another processor, recorded leaf by leaf.</summary>
/// <remarks>Text of lines <c>leaf subleaf eax ebx ecx edx</c> in hexadecimal. A leaf that is not there is all zero.</remarks>
internal sealed class CpuidTable
{
    private const uint FirstHypervisor = 0x40000000, FirstExtended = 0x80000000, LeavesOfKind = 0x40, XsaveLeaf = 0xd;

    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidRegisters> _leaves = [];

    /// <exception cref="FormatException">A line does not have six hexadecimal numbers.</exception>
    internal static CpuidTable Parse(string text)
    {
        var table = new CpuidTable();
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
                continue;

            uint[] words = [.. line.Split(' ').Select(w => uint.Parse(w, NumberStyles.AllowHexSpecifier))];
            if (words is not [var leaf, var subleaf, var eax, var ebx, var ecx, var edx])
                throw new FormatException($"cpuid '{line}': expected six numbers, found {words.Length}");

            table._leaves[(leaf, subleaf)] = new(eax, ebx, ecx, edx);
        }

        return table;
    }

    /// <summary>
    /// A processor's own table, as lines. What differs from one of its CPUs to the next is left out: their numbers, and the leaves that
    /// describe how they are joined.
    /// </summary>
    internal static IReadOnlyList<string> Record(CpuidSource cpuid)
    {
        var lines = new List<string>();
        foreach (uint first in (uint[])[0, FirstHypervisor, FirstExtended])
        {
            uint last = Math.Min(cpuid(first, 0).Eax, first + LeavesOfKind);
            for (uint leaf = first; leaf <= last; leaf++)
            {
                uint subleaves = leaf is 0xb or 0x1f or 0x8000001e or 0x80000026 ? 0 : SubleavesOf(cpuid, leaf);
                for (uint subleaf = 0; subleaf < subleaves; subleaf++)
                    Add(leaf, subleaf, cpuid(leaf, subleaf));
            }
        }

        return lines;

        void Add(uint leaf, uint subleaf, CpuidRegisters r)
        {
            // Leaf 1: the number of the CPU that was asked stands in the upper byte.
            uint ebx = leaf == 1 ? r.Ebx & 0x00ffffff : r.Ebx;
            if (r != default)
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{leaf:x} {subleaf:x} {r.Eax:x} {ebx:x} {r.Ecx:x} {r.Edx:x}"));
        }
    }

    internal CpuidRegisters Read(uint leaf, uint subleaf) =>
        _leaves.TryGetValue((leaf, subleaf), out var registers) ? registers : default;

    /// <summary>Source: Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E. Leaf 7 says itself how many it has.</summary>
    private static uint SubleavesOf(CpuidSource cpuid, uint leaf) => leaf switch
    {
        7 or 0x14 or 0x17 or 0x18 or 0x1d or 0x20 => Math.Min(cpuid(leaf, 0).Eax, 7) + 1,
        0x4 or 0x8000001d => 8,
        XsaveLeaf => 20,
        0xf or 0x10 or 0x12 or 0x24 => 2,
        _ => 1,
    };
}
