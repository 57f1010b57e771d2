using System.Globalization;

namespace Provenance.Runtime.Host;

/// <summary>Processes of our control group that the kernel has ended for want of memory, counted by the kernel: who dies of it cannot tell.</summary>
/// <remarks>
/// <c>oom_kill</c> in <c>memory.events</c> (Documentation/admin-guide/cgroup-v2.rst), else in <c>memory.oom_control</c>
/// (cgroup-v1/memory.rst, since Linux 4.13). What a batch system puts into the same group is counted with the job.
/// </remarks>
internal sealed class MemoryKills(MachineFiles files)
{
    private const string Mounted = "/sys/fs/cgroup";

    /// <summary>Since the group was made; null where the kernel does not tell.</summary>
    public long? Count() => FindFile() is { } file ? Field(files.ReadText(file), "oom_kill") : null;

    /// <summary>In bytes; null for none, or where the kernel does not tell.</summary>
    public long? LimitBytes()
    {
        // A limit that version 1 does not set is the greatest number of pages.
        const long Unlimited = 1L << 62;
        string? folder = Path.GetDirectoryName(FindFile());
        long? limit = files.ReadNumber($"{folder}/memory.max") ?? files.ReadNumber($"{folder}/memory.limit_in_bytes");
        return limit < Unlimited ? limit : null;
    }

    private string? FindFile()
    {
        // cgroups(7): HIERARCHY:CONTROLLERS:PATH, version 2 with 0 and no controllers.
        string[][] groups = [.. (files.ReadText("/proc/self/cgroup") ?? "").Split('\n').Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3)];
        string? unified = groups.FirstOrDefault(parts => parts[1].Length == 0)?[2];
        string? memory = groups.FirstOrDefault(parts => parts[1].Split(',').Contains("memory"))?[2];
        return Places(memory, $"{Mounted}/memory", "memory.oom_control")
            .Concat(Places(unified, Mounted, "memory.events"))
            .FirstOrDefault(files.Exists);
    }

    /// <summary>Where the group is, and, as in a container that was given its own group alone, the top of what is mounted.</summary>
    private static IEnumerable<string> Places(string? group, string mounted, string name) =>
        group is null ? [] : [$"{mounted}{group.TrimEnd('/')}/{name}", $"{mounted}/{name}"];

    private static long? Field(string? text, string name)
    {
        string? line = (text ?? "").Split('\n').FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
    }
}
