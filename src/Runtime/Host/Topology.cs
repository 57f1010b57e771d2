namespace Provenance.Runtime.Host;

/// <summary>How many sockets, cores and threads are online, and whether the cores are of one kind.</summary>
internal sealed record Topology
{
    /// <summary>Numbers of the CPUs that are online.</summary>
    internal required IReadOnlyList<int> Online { get; init; }

    internal required int Sockets { get; init; }

    internal required int Cores { get; init; }

    internal int Threads => Online.Count;

    internal required bool Hybrid { get; init; }

    /// <summary>Reads sysfs; without it every CPU counts as a core of one socket.</summary>
    internal static Topology Read(MachineFiles files)
    {
        const string Cpus = "/sys/devices/system/cpu";
        var online = CpuList.Parse(files.ReadText($"{Cpus}/online"));
        if (online.Count == 0)
            online = [.. Enumerable.Range(0, Math.Max(1, CpuInfo.Parse(files.ReadText("/proc/cpuinfo")).Blocks.Count))];

        return new()
        {
            Online = online,
            // The newer names come first: since Linux 5.3 the lists have a word each for what they list.
            Sockets = CountGroups(files, online, "package_cpus_list", "core_siblings_list"),
            Cores = CountGroups(files, online, "core_cpus_list", "thread_siblings_list"),
            Hybrid = IsHybrid(files, online),
        };
    }

    /// <summary>One file is read for each group, not for each CPU: a node can have a thousand.</summary>
    private static int CountGroups(MachineFiles files, IReadOnlyList<int> online, string name, string olderName)
    {
        var seen = new HashSet<int>();
        int groups = 0;
        foreach (int cpu in online)
        {
            if (!seen.Add(cpu))
                continue;

            string folder = $"/sys/devices/system/cpu/cpu{cpu}/topology";
            string? members = files.ReadText($"{folder}/{name}") ?? files.ReadText($"{folder}/{olderName}");
            if (members is null && name == "package_cpus_list")
                return 1;

            seen.UnionWith(CpuList.Parse(members));
            groups++;
        }

        return groups;
    }

    private static bool IsHybrid(MachineFiles files, IReadOnlyList<int> online)
    {
        // Intel: the kernel has a performance monitor for each kind of core.
        if (files.Exists("/sys/devices/cpu_core") && files.Exists("/sys/devices/cpu_atom"))
            return true;

        // arm64: big and little cores differ in capacity. The file is only there where they can.
        return online.Select(c => files.ReadText($"/sys/devices/system/cpu/cpu{c}/cpu_capacity"))
            .TakeWhile(capacity => capacity is not null)
            .Distinct()
            .Skip(1)
            .Any();
    }
}
