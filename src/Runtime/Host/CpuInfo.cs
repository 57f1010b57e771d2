namespace Provenance.Runtime.Host;

/// <summary>What /proc/cpuinfo says of its processors.</summary>
/// <remarks>The first block speaks for all on x86; on arm64 the blocks of big and little cores differ.</remarks>
internal sealed class CpuInfo
{
    private readonly List<Dictionary<string, string>> _blocks = [];

    /// <summary>One dictionary for every processor, in the order of the file.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>> Blocks => _blocks;

    internal static CpuInfo Parse(string? text)
    {
        var info = new CpuInfo();
        Dictionary<string, string>? block = null;
        foreach (string line in (text ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                block = null;
                continue;
            }

            if (block is null)
                info._blocks.Add(block = new(StringComparer.Ordinal));

            block.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return info;
    }

    /// <summary>A field of the first processor; null when it has none.</summary>
    internal string? Field(string name) => _blocks.Count > 0 ? _blocks[0].GetValueOrDefault(name) : null;

    /// <summary>The words of a field that every processor has; null when no processor has the field.</summary>
    internal IReadOnlySet<string>? CommonWords(string name)
    {
        HashSet<string>? common = null;
        foreach (string words in _blocks.Select(b => b.GetValueOrDefault(name)).OfType<string>().Distinct())
        {
            var set = words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            if (common is null)
                common = set;
            else
                common.IntersectWith(set);
        }

        return common;
    }
}
