using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Is there room for it.</summary>
internal static class MemoryRules
{
    /// <summary>A process that needs more than this part of all memory will drive out everything else.</summary>
    private const double Comfortable = 0.8;

    /// <summary>Of two machines alike, firmware and kernel leave one a little less of its memory.</summary>
    private const double Negligible = 0.02;

    internal static IReadOnlyList<Rule> All { get; } = [new("MEM-1", Concern.Runs, LittleMemory), new("MEM-2", Concern.Runs, SmallTmpfs)];

    /// <summary>A profile that does not know its memory says 0.</summary>
    private static Complaint? LittleMemory(Question q)
    {
        long peak = q.Run.Outcome.PeakMemoryBytes, total = q.Here.Memory.TotalBytes;
        return total == 0 || peak <= total * Comfortable
            ? null
            : new()
            {
                Verdict = peak > total ? Verdict.Refuse : Verdict.Warn,
                Message = $"one process of the job used {Mebibytes(peak)} of memory; this host has {Mebibytes(total)} in all",
                Evidence = [$"{peak}", $"{total}"],
                Remedy = $"replay it on a host with more than {Mebibytes(peak)} of memory",
            };
    }

    /// <summary>A tmpfs holds what it was asked to, if there is the memory; half of the memory where nothing was asked for.</summary>
    private static Complaint? SmallTmpfs(Question q)
    {
        long here = q.Here.Memory.TotalBytes;
        long then = q.Run.Hosts.Select(host => host.Memory.TotalBytes).DefaultIfEmpty(0).Max();
        string[] small =
        [
            .. from mount in q.Run.Mounts
               where mount.Kind == "tmpfs"
               let held = mount.SizeBytes is { } asked ? Math.Min(asked, then) : then / 2
               let holds = mount.SizeBytes is null ? here / 2 : here
               where held - holds > then * Negligible
               select $"{mount.Destination}: {Mebibytes(held)} then, {Mebibytes(holds)} here",
        ];
        return here == 0 || small.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = "file systems in memory (--tmpfs) hold less here than they did for the run",
                Evidence = small,
                Remedy = "replay it on a host with as much memory, if the job fills them",
            };
    }

    private static string Mebibytes(long bytes) => $"{Math.Max(1, bytes >> 20)} MiB";
}
