using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Whether an NVIDIA driver is what an image of CUDA asks for: asked before a first run, and years later of its record.</summary>
public static class GpuDriverRules
{
    /// <summary>The rule about a libcuda of the image that is newer than the host's.</summary>
    internal const string NewerLibrary = "GPU-4";

    private const string CudaVariable = "CUDA_VERSION";

    /// <param name="variables">The job's: an image of CUDA says in CUDA_VERSION and NVIDIA_REQUIRE_* what it needs.</param>
    /// <param name="gpus">Of the host.</param>
    /// <param name="driver">Of the host's kernel.</param>
    /// <param name="newer">Version of the libcuda that the image has for older drivers (cuda-compat); null for none.</param>
    public static IReadOnlyList<Finding> Find(
        IReadOnlyList<(string Name, string Value)> variables, IReadOnlyList<GpuProfile> gpus, string driver, string? newer)
    {
        var tooOld = TooOld(CudaOf(variables), driver);
        var first = TakesNewer(variables, gpus, driver, newer)
            ? Rule.Find(NewerLibrary, Taken(gpus, driver, newer!))
            : tooOld is not null && Major(newer) > Major(driver)
                ? Rule.Find(NewerLibrary, NotForThisGpu(CudaOf(variables)!, gpus, driver, newer))
                : Rule.Find("GPU-2", tooOld);
        return [.. new[] { first, Rule.Find("GPU-10", NotAsRequired(variables, driver)) }.OfType<Finding>()];
    }

    /// <summary>Whether the image's own libcuda takes the place of the host's.</summary>
    /// <inheritdoc cref="Find" path="/param"/>
    public static bool TakesNewer(IReadOnlyList<(string Name, string Value)> variables, IReadOnlyList<GpuProfile> gpus, string driver, string? newer) =>
        Major(newer) > Major(driver) && Takes(gpus) switch
        {
            true => true,
            // It may work; without it nothing would.
            null => TooOld(CudaOf(variables), driver) is not null,
            false => false,
        };

    internal static Complaint? TooOld(string? cuda, string driver) =>
        Version.TryParse(cuda, out var toolkit) && CudaReleases.OldestDriver(toolkit) is { } oldest && Parse(driver)?.Major < oldest
            ? new()
            {
                Verdict = Verdict.Refuse,
                Message = $"the image's CUDA {cuda} needs an NVIDIA driver of {oldest} or newer; this host's is {driver}",
                Evidence = [cuda, driver],
                Remedy = "run it on a node with a newer driver, or use an image with an older CUDA",
            }
            : null;

    internal static Complaint? NotAsRequired(IReadOnlyList<(string Name, string Value)> variables, string driver)
    {
        if (variables.Any(variable => variable is ("NVIDIA_DISABLE_REQUIRE", "1" or "true")))
        {
            return null;
        }

        var judged =
            from variable in variables
            where variable.Name.StartsWith("NVIDIA_REQUIRE_", StringComparison.Ordinal)
            let holds = Parse(driver) is { } version ? NvidiaRequirement.Holds(variable.Value, version) : null
            where holds != true
            orderby holds is null, variable.Name
            select (variable.Name, variable.Value, IsOpen: holds is null);
        return judged.ToArray() is not [var (name, value, isOpen), ..]
            ? null
            : new()
            {
                Verdict = isOpen ? Verdict.Warn : Verdict.Refuse,
                Message = $"the image requires {name}='{value}'{(isOpen ? ", which is not known to hold" : "")}; this host's driver is {driver}, "
                    + $"for CUDA {(Parse(driver) is { } known ? CudaReleases.CudaOf(known) : null)?.ToString() ?? "older than 8.0"}",
                Evidence = [value, driver],
                Remedy = isOpen ? null : "set NVIDIA_DISABLE_REQUIRE=1 when the image is known to run",
            };
    }

    private static Complaint Taken(IReadOnlyList<GpuProfile> gpus, string driver, string newer) => new()
    {
        Verdict = Takes(gpus) == true ? Verdict.Ok : Verdict.Warn,
        Message = $"the image's own libcuda {newer} is used in place of this host's {driver}"
            + (Takes(gpus) == true ? "" : $"; on a GPU that is not for data centres ({Models(gpus)}) it may fail with error 804"),
        Evidence = [newer, driver],
        Remedy = Takes(gpus) == true ? null : "run it on a node with a newer driver",
    };

    private static Complaint NotForThisGpu(string cuda, IReadOnlyList<GpuProfile> gpus, string driver, string? newer) => new()
    {
        Verdict = Verdict.Refuse,
        Message = $"the image's CUDA {cuda} needs an NVIDIA driver of {CudaReleases.OldestDriver(Version.Parse(cuda))} or newer; this host's is {driver}, "
            + $"and the image's own libcuda {newer} works with it on GPUs for data centres only, which {Models(gpus)} is not "
            + "(error 804: forward compatibility was attempted on non supported HW)",
        Evidence = [cuda, driver, newer!],
        Remedy = "run it on a node with a newer driver, or use an image with an older CUDA",
    };

    private static Version? Parse(string? driver) => Version.TryParse(driver, out var version) ? version : null;

    /// <summary>The branch; 0 for what is no version.</summary>
    private static int Major(string? driver) => Parse(driver)?.Major ?? 0;

    private static string? CudaOf(IReadOnlyList<(string Name, string Value)> variables) =>
        variables.Where(variable => variable.Name == CudaVariable).Select(variable => variable.Value).LastOrDefault();

    /// <summary>False when one of them does not, null when one is not known to.</summary>
    private static bool? Takes(IReadOnlyList<GpuProfile> gpus)
    {
        bool?[] answers = [.. gpus.Where(gpu => gpu.Vendor == "nvidia").Select(NvidiaGpu.TakesNewerLibrary)];
        return answers.Contains(false) ? false : answers.Length == 0 || answers.Contains(null) ? null : true;
    }

    private static string Models(IReadOnlyList<GpuProfile> gpus) =>
        string.Join(", ", gpus.Where(gpu => gpu.Vendor == "nvidia").Select(gpu => gpu.Model).Distinct().DefaultIfEmpty("an unknown model"));
}
