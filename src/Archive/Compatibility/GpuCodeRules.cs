using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Whether the code for NVIDIA GPUs in a job's programs and libraries can run: asked before a first run, and years later of its record.</summary>
/// <remarks>
/// A program's own kernels are launched, or it would not have them; NVIDIA's mathematical libraries are often loaded and not called. So
/// the first refuse and the second warn, as long as something else runs.
/// </remarks>
public static partial class GpuCodeRules
{
    private const int FilesNamed = 3;

    internal static IReadOnlyList<Rule> All { get; } =
    [
        new("GPU-3", Concern.Runs, q => PtxTooNew(CodeOf(q), q.Here.Gpus)),
        new("GPU-6", Concern.Runs, q => NoCode(CodeOf(q), q.Here.Gpus)),
    ];

    /// <summary>A job that was given no GPU ran none of it.</summary>
    private static IReadOnlyList<GpuCode> CodeOf(Question q) => GpuRules.WasGiven(q) ? q.Run.GpuCode ?? [] : [];

    /// <param name="code">Of the job's programs and libraries, as far as they are known.</param>
    /// <param name="gpus">Of the host, with the version of the driver whose library the job will use.</param>
    public static IReadOnlyList<Finding> Find(IReadOnlyList<GpuCode> code, IReadOnlyList<GpuProfile> gpus) =>
        [.. new[] { Rule.Find("GPU-3", PtxTooNew(code, gpus)), Rule.Find("GPU-6", NoCode(code, gpus)) }.OfType<Finding>()];

    private static Complaint? PtxTooNew(IReadOnlyList<GpuCode> code, IReadOnlyList<GpuProfile> gpus)
    {
        var (known, files) = (Known(gpus), OfSome(code));
        string[] whole = [.. files.Where(file => BestOf(file, known) == GpuCodeFit.PtxTooNew).Select(file => file.Path)];
        var partly = files.Where(file => BestOf(file, known) == GpuCodeFit.Runs && file.Images.Any(images => Best(images, known) == GpuCodeFit.PtxTooNew));
        string[] all = [.. whole, .. partly.Select(file => file.Path)];
        if (known.Length == 0 || all.Length == 0)
        {
            return null;
        }

        var gpu = known[0].Gpu;
        var driver = DriverOf(gpu)!;
        string installed = gpu.DriverVersion!;
        var newest = files.Where(file => all.Contains(file.Path)).SelectMany(file => file.Images).SelectMany(images => images.Ptx)
            .Select(ptx => Version.TryParse(ptx.Version, out var version) ? version : new Version()).Max()!;
        return new()
        {
            Verdict = IsFatal(whole, files, known) ? Verdict.Refuse : Verdict.Warn,
            Message = $"{Names(all)} {(whole.Length > 0 ? "has" : "has in part")} for {Describe(known[0])} only PTX {newest}; driver {installed} of this host "
                + $"compiles PTX up to {CudaReleases.PtxOf(driver)} (CUDA {CudaReleases.CudaOf(driver)}): "
                + "it would fail with error 222 (unsupported PTX version)",
            Evidence = [$"{newest}", installed, .. all],
            Remedy = CudaReleases.FirstDriver(newest) is { } branch
                ? $"run it on a host with driver {branch} or newer, or build it with machine code for this GPU"
                : "run it on a host with a newer driver, or build it with machine code for this GPU",
        };
    }

    private static Complaint? NoCode(IReadOnlyList<GpuCode> code, IReadOnlyList<GpuProfile> gpus)
    {
        var (known, files) = (Known(gpus), OfSome(code));
        var none = files.Where(file => BestOf(file, known) == GpuCodeFit.None).ToArray();
        if (known.Length == 0 || none.Length == 0)
        {
            return null;
        }

        string[] paths = [.. none.Select(file => file.Path)];
        return new()
        {
            Verdict = IsFatal(paths, files, known) ? Verdict.Refuse : Verdict.Warn,
            Message = $"{Names(paths)} has code for {Offered(none[0])}; {Describe(known[0])} of this host can run none of it "
                + "(error 209: no kernel image is available)",
            Evidence = [$"{known[0].Capability}", .. paths],
            Remedy = $"run it on a GPU it has code for, or build it for sm_{known[0].Capability.Major}{known[0].Capability.Minor}",
        };
    }

    /// <summary>A file that is the job's own, or when nothing of what it has runs.</summary>
    private static bool IsFatal(string[] failing, IReadOnlyList<GpuCode> files, (GpuProfile Gpu, Version Capability)[] known) =>
        failing.Length > 0
        && (Array.Exists(failing, path => !OfNvidia().IsMatch(path)) || files.All(file => BestOf(file, known) != GpuCodeFit.Runs));

    /// <summary>Of a file that was not read to its end nothing can be said to be missing.</summary>
    private static IReadOnlyList<GpuCode> OfSome(IReadOnlyList<GpuCode> code) => [.. code.Where(file => file.Problem is null && file.Images.Count > 0)];

    private static (GpuProfile Gpu, Version Capability)[] Known(IReadOnlyList<GpuProfile> gpus) =>
    [
        .. from gpu in gpus
           let capability = NvidiaGpu.CapabilityOf(gpu)
           where capability is not null
           select (gpu, capability),
    ];

    private static GpuCodeFit BestOf(GpuCode file, (GpuProfile Gpu, Version Capability)[] known) =>
        file.Images.Select(images => Best(images, known)).DefaultIfEmpty(GpuCodeFit.Runs).Max();

    /// <summary>On any of the host's GPUs: which of them a job takes is not known.</summary>
    private static GpuCodeFit Best(GpuImages images, (GpuProfile Gpu, Version Capability)[] known) => known
        .Select(one => GpuCodeFits.Of(images, one.Capability, DriverOf(one.Gpu) is { } driver ? CudaReleases.PtxOf(driver) : null))
        .DefaultIfEmpty(GpuCodeFit.Runs).Max();

    private static Version? DriverOf(GpuProfile gpu) => Version.TryParse(gpu.DriverVersion, out var version) ? version : null;

    private static string Describe((GpuProfile Gpu, Version Capability) one) => $"{one.Gpu.Model} (compute capability {one.Capability})";

    /// <summary>All of the file together.</summary>
    private static string Offered(GpuCode file)
    {
        var cubins = file.Images.SelectMany(images => images.Cubins).Distinct().OrderBy(name => GpuCodeFits.Parse(name)?.Architecture).ToArray();
        string[] ptx =
        [
            .. file.Images.SelectMany(images => images.Ptx).Select(one => one.Target).Distinct()
                .OrderBy(name => GpuCodeFits.Parse(name)?.Architecture),
        ];
        string compiled = ptx.Length == 0 ? "" : $"PTX for {string.Join(", ", ptx)}";
        return cubins.Length == 0 ? compiled : string.Join(", ", cubins) + (ptx.Length == 0 ? "" : $" and {compiled}");
    }

    private static string Names(string[] paths)
    {
        string named = string.Join(", ", paths.Take(FilesNamed).Select(path => $"'{path}'"));
        return paths.Length > FilesNamed ? $"each of {named} and {paths.Length - FilesNamed} more" : paths.Length > 1 ? $"each of {named}" : named;
    }

    [GeneratedRegex(@"/lib(?:cu|nv|npp|nccl)[A-Za-z_]*(?:-[0-9a-f]+)?\.so[^/]*\z")]
    private static partial Regex OfNvidia();
}
