using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>Decides how a job is made to take this processor for another.</summary>
internal static class CpuPinning
{
    /// <summary>Said where nobody has counted them.</summary>
    public const string Approximations =
        "approximate reciprocals and square roots, and x87 functions, which are made in the processor and differ between vendors";

    /// <summary>Variables that fix a number of threads: one of them in the job's environment is left as it is.</summary>
    private static readonly string[] ThreadVariables =
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS"];

    /// <summary>By which libraries are told what to choose; of an image, a module or the job itself.</summary>
    private static readonly string[] DispatchVariables =
    [
        "OPENBLAS_CORETYPE", "BLIS_ARCH_TYPE", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA",
        "DNNL_MAX_CPU_ISA", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "GLIBC_TUNABLES", "OPENSSL_ia32cap",
        "HWY_DISABLED_TARGETS", "JULIA_CPU_TARGET",
    ];

    /// <param name="request">What is asked for.</param>
    /// <param name="recorded">The processor of the run; null for a run that is not a replay.</param>
    /// <param name="here">This one.</param>
    /// <param name="environment">The job's.</param>
    /// <param name="threads">How many CPUs the run was allowed; null for a run that is not a replay.</param>
    /// <exception cref="SandboxException">This processor cannot pass for the other.</exception>
    public static PinPlan Plan(
        PinRequest request, CpuProfile? recorded, CpuProfile here, IReadOnlyList<EnvironmentEntry> environment, int? threads)
    {
        if (request.Mode == PinMode.Emulate)
        {
            return Emulation.Plan(request, recorded, [.. Threads(environment, threads)]);
        }

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
        var fallback = answers && request.Mode == PinMode.Auto
            ? Plan(request with { Mode = PinMode.Env }, recorded, here, environment, threads)
            : null;
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
                NotPinned = [.. Gaps(target, request, answers), .. FixedBy(environment, variables)],
            },
            variables,
            answers ? new PinnedCpu(Shown(target, request), HostSources.Live().Cpuid!) : null)
        {
            Fallback = fallback,
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

    /// <summary>What the job's own environment decides before any processor is asked.</summary>
    private static IEnumerable<string> FixedBy(IReadOnlyList<EnvironmentEntry> environment, IReadOnlyList<EnvironmentEntry> variables) =>
        environment.Where(entry => DispatchVariables.Contains(entry.Name) && entry.Value.Length > 0 && variables.All(set => set.Name != entry.Name))
            .Select(entry => $"what {entry} decides, whatever the processor is");

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
