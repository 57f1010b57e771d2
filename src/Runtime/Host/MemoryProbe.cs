using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>Memory, pages and NUMA nodes, as the kernel shows them.</summary>
internal static class MemoryProbe
{
    internal static MemoryProfile Read(MachineFiles files, int pageBytes) => new()
    {
        TotalBytes = KilobytesAfter(files.ReadText("/proc/meminfo"), "MemTotal:"),
        PageBytes = pageBytes,
        HugePages = ReadHugePages(files),
        TransparentHugePages = Chosen(files.ReadText("/sys/kernel/mm/transparent_hugepage/enabled")),
    };

    internal static IReadOnlyList<NumaNode> ReadNuma(MachineFiles files)
    {
        const string Nodes = "/sys/devices/system/node";
        return [.. CpuList.Parse(files.ReadText($"{Nodes}/online")).Select(node => new NumaNode
        {
            Node = node,
            Cpus = files.ReadText($"{Nodes}/node{node}/cpulist") ?? "",
            MemoryBytes = KilobytesAfter(files.ReadText($"{Nodes}/node{node}/meminfo"), "MemTotal:"),
        })];
    }

    private static IReadOnlyList<HugePages> ReadHugePages(MachineFiles files)
    {
        const string Folder = "/sys/kernel/mm/hugepages", Prefix = "hugepages-", Suffix = "kB";
        var pools = new List<HugePages>();
        foreach (string name in files.List(Folder).Where(n => n.StartsWith(Prefix) && n.EndsWith(Suffix)))
        {
            if (long.TryParse(name.AsSpan()[Prefix.Length..^Suffix.Length], out long kilobytes)
                && files.ReadNumber($"{Folder}/{name}/nr_hugepages") is { } count)
                pools.Add(new() { PageBytes = kilobytes * 1024, Count = count });
        }

        return [.. pools.OrderBy(p => p.PageBytes)];
    }

    /// <summary>The word in brackets: <c>always [madvise] never</c>.</summary>
    private static string? Chosen(string? text)
    {
        int open = text?.IndexOf('[', StringComparison.Ordinal) ?? -1;
        int close = text?.IndexOf(']', StringComparison.Ordinal) ?? -1;
        return open >= 0 && close > open ? text![(open + 1)..close] : null;
    }

    /// <summary>In bytes; 0 when the label is not there.</summary>
    private static long KilobytesAfter(string? text, string label)
    {
        string[] words = (text ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, label);
        return at >= 0 && at + 1 < words.Length && long.TryParse(words[at + 1], out long kilobytes) ? kilobytes * 1024 : 0;
    }
}
