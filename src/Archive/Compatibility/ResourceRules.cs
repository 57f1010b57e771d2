using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Memory and GPUs.</summary>
internal static class ResourceRules
{
    /// <summary>A process that needs more than this part of all memory will drive out everything else.</summary>
    private const double Comfortable = 0.8;

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("MEM-1", Concern.Runs, LittleMemory),
        new("GPU-1", Concern.Runs, NoGpu),
        new("GPU-7", Concern.SameResults, OtherGpu),
        new("GPU-9", Concern.Runs, OlderGpuDriver),
    ];

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

    private static Complaint? NoGpu(Question q)
    {
        string[] gone = [.. GpusUsed(q).Select(g => g.Vendor).Distinct().Except(q.Here.Gpus.Select(g => g.Vendor))];
        return gone.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the job was given a GPU ({Models(GpusUsed(q))}); this host has none of {Question.Join(gone)}",
                Evidence = [.. GpusUsed(q).Select(g => g.Model)],
                Remedy = $"replay it on a host with a GPU of {Question.Join(gone)}",
            };
    }

    private static Complaint? OtherGpu(Question q)
    {
        var vendors = q.Here.Gpus.Select(g => g.Vendor).ToHashSet();
        var changed = GpusUsed(q).Where(g => vendors.Contains(g.Vendor) && q.Here.Gpus.All(h => h.PciId != g.PciId)).ToArray();
        return changed.Length == 0
            ? null
            : new()
            {
                Verdict = Verdict.Warn,
                Message = $"the job was given {Models(changed)}; this host has {Models(q.Here.Gpus)}, "
                    + "for which libraries choose other kernels, and sums can differ",
                Evidence = [.. changed.Select(g => g.PciId)],
                Remedy = $"for the same digits replay it on {Models(changed)}",
            };
    }

    private static Complaint? OlderGpuDriver(Question q)
    {
        foreach (var then in GpusUsed(q))
        {
            var here = q.Here.Gpus.FirstOrDefault(g => g.Vendor == then.Vendor);
            if (here is not null && Version.TryParse(then.DriverVersion, out var recorded)
                && Version.TryParse(here.DriverVersion, out var installed) && installed < recorded)
            {
                return new()
                {
                    Verdict = Verdict.Warn,
                    Message = $"the {then.Vendor} driver was {then.DriverVersion} and is {here.DriverVersion} here; "
                        + "an older driver may not run what a newer one ran",
                    Evidence = [then.DriverVersion!, here.DriverVersion!],
                    Remedy = $"replay it on a host with driver {then.DriverVersion} or newer",
                };
            }
        }

        return null;
    }

    /// <summary>Those of the recorded hosts, if the job was given any: by injected driver libraries, or by their device files.</summary>
    private static IEnumerable<GpuProfile> GpusUsed(Question q)
    {
        bool given = q.Run.Injected.Any(f => f.Reason == "gpu")
            || q.Run.Mounts.Any(m => m.Source is { } source && IsGpuDevice(source))
            || q.Run.Injection?.Places.Any(p => IsGpuDevice(p.ContainerPath)) == true;
        return given ? q.Run.Hosts.SelectMany(h => h.Gpus) : [];
    }

    private static bool IsGpuDevice(string path) =>
        path.StartsWith("/dev/nvidia", StringComparison.Ordinal)
        || path.StartsWith("/dev/dri", StringComparison.Ordinal)
        || path == "/dev/kfd";

    private static string Models(IEnumerable<GpuProfile> gpus) => Question.Join(gpus.Select(g => g.Model).Distinct());

    private static string Mebibytes(long bytes) => $"{Math.Max(1, bytes >> 20)} MiB";
}
