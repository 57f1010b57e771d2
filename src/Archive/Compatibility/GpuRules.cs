using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Is there a GPU for it, and a driver.</summary>
internal static class GpuRules
{
    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("GPU-1", Concern.Runs, NoGpu),
        new("GPU-2", Concern.Runs, DriverTooOld),
        new("GPU-7", Concern.SameResults, OtherGpu),
        new("GPU-8", Concern.Runs, LittleMemory),
        new("GPU-9", Concern.Runs, OlderGpuDriver),
        new("GPU-10", Concern.Runs, NotAsRequired),
    ];

    private static Complaint? NoGpu(Question q)
    {
        string[] used = [.. GpusUsed(q).Select(g => g.Vendor).Distinct()], gone = [.. used.Except(q.Here.Gpus.Select(g => g.Vendor))];
        // Which of several vendors' it was given is not always known: one in common may be it.
        return gone.Length == 0 || (gone.Length < used.Length && VendorsGiven(q).Length == 0)
            ? null
            : new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the job was given a GPU ({Models(GpusUsed(q))}); this host has none of {Question.Join(gone)}",
                Evidence = [.. GpusUsed(q).Select(g => g.Model)],
                Remedy = $"replay it on a host with a GPU of {Question.Join(gone)}",
            };
    }

    /// <summary>What the image's toolkit asks for; where its own libcuda took the driver's place, the host's driver does not decide.</summary>
    private static Complaint? DriverTooOld(Question q) =>
        Drivers(q) is [var driver, ..] && q.Run.Injection?.Findings.Any(f => f.Rule == GpuDriverRules.NewerLibrary) != true
        ? GpuDriverRules.TooOld(q.Variable("CUDA_VERSION"), driver)
        : null;

    private static Complaint? NotAsRequired(Question q) => Drivers(q) is [var driver, ..]
        ? GpuDriverRules.NotAsRequired([.. q.Run.Environment.Where(v => v.Value is not null).Select(v => (v.Name, v.Value!))], driver)
        : null;

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

    /// <summary>How much of its memory a job used is not recorded, so that a smaller one is in doubt.</summary>
    private static Complaint? LittleMemory(Question q)
    {
        foreach (string vendor in GpusUsed(q).Select(g => g.Vendor).Distinct())
        {
            var then = GpusUsed(q).Where(g => g.Vendor == vendor).MaxBy(GpuMemory.Of);
            var here = q.Here.Gpus.Where(g => g.Vendor == vendor).MaxBy(GpuMemory.Of);
            if (GpuMemory.IsLess(here, then))
            {
                return new()
                {
                    Verdict = Verdict.Warn,
                    Message = $"the job was given {then!.Model} with {GpuMemory.Text(then)} of memory; of this host's GPUs the largest, {here!.Model}, has "
                        + $"{GpuMemory.Text(here)}, and how much the job used is not known",
                    Evidence = [GpuMemory.Text(then), GpuMemory.Text(here)],
                    Remedy = $"replay it on a host with a GPU that has {GpuMemory.Text(then)} of memory, if the job runs out of it",
                };
            }
        }

        return null;
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

    /// <summary>Whether the job was given a GPU: by injected driver libraries, or by its device files.</summary>
    internal static bool WasGiven(Question q) => q.Run.Injected.Any(f => f.Reason == "gpu")
        || q.Run.Mounts.Any(m => m.Source is { } source && IsGpuDevice(source))
        || q.Run.Injection?.Places.Any(p => IsGpuDevice(p.ContainerPath)) == true;

    /// <summary>Those of the recorded hosts, if the job was given any; only of the vendors that it was given, where that is known.</summary>
    private static GpuProfile[] GpusUsed(Question q)
    {
        GpuProfile[] all = WasGiven(q) ? [.. q.Run.Hosts.SelectMany(h => h.Gpus)] : [];
        string[] given = VendorsGiven(q);
        GpuProfile[] of = [.. all.Where(g => given.Contains(g.Vendor))];
        return of.Length > 0 ? of : all;
    }

    /// <summary>By the names of what was put in; none where that is no vendor's own, such as /dev/dri.</summary>
    private static string[] VendorsGiven(Question q)
    {
        string[] paths =
        [
            .. q.Run.Injected.Where(f => f.Reason == "gpu").Select(f => f.ContainerPath),
            .. q.Run.Mounts.Select(m => m.Source).OfType<string>().Where(IsGpuDevice),
            .. (q.Run.Injection?.Places ?? []).Select(p => p.ContainerPath).Where(IsGpuDevice),
        ];
        return [.. paths.Select(VendorOf).OfType<string>().Distinct()];
    }

    private static string? VendorOf(string path) =>
        path.Contains("nvidia", StringComparison.Ordinal) || path.Contains("/libcuda", StringComparison.Ordinal) ? "nvidia"
        : path == "/dev/kfd" ? "amd"
        : null;

    private static bool IsGpuDevice(string path) =>
        path.StartsWith("/dev/nvidia", StringComparison.Ordinal)
        || path.StartsWith("/dev/dri", StringComparison.Ordinal)
        || path == "/dev/kfd";

    private static string Models(IEnumerable<GpuProfile> gpus) => Question.Join(gpus.Select(g => g.Model).Distinct());

    /// <summary>Of the NVIDIA GPUs here, when the job was given any.</summary>
    private static string[] Drivers(Question q) => !WasGiven(q) || GpusUsed(q).Select(g => g.Vendor).Distinct().Any(vendor => vendor != "nvidia")
        ? []
        : [.. q.Here.Gpus.Where(g => g.Vendor == "nvidia").Select(g => g.DriverVersion).OfType<string>()];
}
