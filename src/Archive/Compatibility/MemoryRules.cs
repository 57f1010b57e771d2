using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Is there room for it.</summary>
internal static class MemoryRules
{
    /// <summary>A process that needs more than this part of all memory will drive out everything else.</summary>
    private const double Comfortable = 0.8;

    internal static IReadOnlyList<Rule> All { get; } = [new("MEM-1", Concern.Runs, LittleMemory)];

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

    private static string Mebibytes(long bytes) => $"{Math.Max(1, bytes >> 20)} MiB";
}
