namespace Provenance.Runtime.Host;

/// <summary>Lists of CPUs as the kernel writes them: <c>0-3,8</c>.</summary>
internal static class CpuList
{
    /// <summary>More CPUs than Linux can be built for: a longer list is not a list of CPUs.</summary>
    private const int MostCpus = 8192;

    /// <summary>The numbers in order; empty for what is no such list.</summary>
    internal static IReadOnlyList<int> Parse(string? text)
    {
        var cpus = new List<int>();
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (!int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || last >= MostCpus)
                return [];

            for (int cpu = first; cpu <= last; cpu++)
                cpus.Add(cpu);
        }

        return cpus;
    }
}
