using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>Decides how a job is made to take this processor for another.</summary>
internal static class CpuPinning
{
    private const string Approximations =
        "approximate reciprocals and square roots, and x87 functions, which are made in the processor and differ between vendors";

    /// <summary>Variables that fix a number of threads: one of them in the job's environment is left as it is.</summary>
    private static readonly string[] ThreadVariables =
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS"];

    /// <param name="request">What is asked for.</param>
    /// <param name="recorded">The processor of the run; null for a run that is not a replay.</param>
    /// <param name="here">This one.</param>
    /// <param name="environment">The job's.</param>
    /// <param name="threads">How many CPUs the run was allowed; null for a run that is not a replay.</param>
    /// <exception cref="SandboxException">This processor cannot pass for the other.</exception>
    public static PinPlan Plan(
        PinRequest request, CpuProfile? recorded, CpuProfile here, IReadOnlyList<EnvironmentEntry> environment, int? threads)
    {
        var target = request.Level is { } level ? X86Level.Limit(here, level)
            : request.Profile?.Cpu ?? recorded ?? throw new SandboxException("no processor is recorded: name a level or a profile");
        if (target.Architecture != "amd64" || here.Architecture != "amd64")
        {
            throw new SandboxException($"pinning works between x86-64 processors: expected amd64, found {target.Architecture} and {here.Architecture}");
        }

        string[] lacking = [.. target.Features.Where(CodeFeatures.IsForCodeOfX86).Except(here.Features)];
        if (lacking.Length > 0)
        {
            throw new SandboxException($"this CPU cannot pass for {Describe(request, target)}: it lacks {string.Join(", ", lacking)}");
        }

        bool answers = request.Mode != PinMode.Env && JobTracer.IsSupported;
        IReadOnlyList<EnvironmentEntry> variables =
        [
            .. answers ? [] : DispatchSetting.Of(target, here, environment)?.Variables ?? [],
            .. Threads(environment, threads),
        ];
        return new PinPlan(
            new CpuPin
            {
                Target = request.Level ?? (request.IsRecorded ? "recorded" : "profile"),
                Mode = answers ? "cpuid" : "env",
                Cpu = Describe(request, target),
                Hidden = [.. here.Features.Where(CodeFeatures.IsForCodeOfX86).Except(target.Features).Order(StringComparer.Ordinal)],
                Variables = [.. variables.Select(variable => variable.ToString())],
                NotPinned = [.. Gaps(target, request, answers)],
            },
            variables,
            answers ? new PinnedCpu(Shown(target, request), HostSources.Live().Cpuid!) : null)
        {
            CpuInfo = answers ? CpuInfoText.Of(File.ReadAllText("/proc/cpuinfo"), target) : null,
        };
    }

    private static string Describe(PinRequest request, CpuProfile target) => request.Level is { } level
        ? $"x86-64-{level}"
        : $"{target.Brand}{(target.Microarchitecture is { } name ? $" ({name})" : "")}";

    /// <summary>The recorded table where there is one; else this processor's, with the features of the other.</summary>
    private static CpuidSource Shown(CpuProfile target, PinRequest request)
    {
        if (request.Level is null && target.Cpuid is { } table)
        {
            try
            {
                return CpuidTable.Parse(string.Join('\n', table)).Read;
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new SandboxException($"CPUID of {target.Brand}: {e.Message}", e);
            }
        }

        var features = target.Features.ToHashSet(StringComparer.Ordinal);
        var here = HostSources.Live().Cpuid!;
        return (leaf, subleaf) => X86Features.Limit(leaf, subleaf, here(leaf, subleaf), features);
    }

    private static IEnumerable<EnvironmentEntry> Threads(IReadOnlyList<EnvironmentEntry> environment, int? threads) =>
        threads is not > 0 || environment.Any(entry => ThreadVariables.Contains(entry.Name))
            ? []
            : ThreadVariables.Select(name => new EnvironmentEntry(name, $"{threads}"));

    private static IEnumerable<string> Gaps(CpuProfile target, PinRequest request, bool answers)
    {
        if (!answers)
        {
            yield return "libraries that look at none of these variables, and programs that ask the processor themselves";
        }
        else if (request.Level is null && target.Cpuid is null)
        {
            yield return "the other processor's model and caches, which its profile does not tell: only its features are shown";
        }

        if (answers)
        {
            yield return "programs that read caches and processors in /sys";
        }

        yield return Approximations;
    }
}
