using System.Globalization;

namespace Provenance.Runtime.Host;

/// <summary>CPUID of another processor, recorded leaf by leaf.</summary>
/// <remarks>Text of lines <c>leaf subleaf eax ebx ecx edx</c> in hexadecimal. A leaf that is not there is all zero.</remarks>
internal sealed class CpuidTable
{
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

    internal CpuidRegisters Read(uint leaf, uint subleaf) =>
        _leaves.TryGetValue((leaf, subleaf), out var registers) ? registers : default;
}
