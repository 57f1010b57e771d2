using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>What is done to a job so that it takes this processor for another, and the same in the words of a record.</summary>
/// <param name="Pinning">Before the job has run.</param>
/// <param name="Variables">Take the place of those of the same name.</param>
/// <param name="Cpu">What CPUID shows; null in mode env.</param>
internal sealed record PinPlan(CpuPin Pinning, IReadOnlyList<EnvironmentEntry> Variables, PinnedCpu? Cpu)
{
    private const string CpuInfoPath = "/proc/cpuinfo";

    /// <summary>What stands in /proc/cpuinfo; null for this processor's.</summary>
    public byte[]? CpuInfo { get; init; }

    /// <summary>What is done when this host lets nobody follow the job; null for nothing, and the job does not run.</summary>
    public PinPlan? Fallback { get; init; }

    /// <summary>Does the job's instructions; null for the processor.</summary>
    public Emulator? Emulator { get; init; }

    public ContainerSpec AppliedTo(ContainerSpec spec) => ShownIn(spec with { Environment = AppliedTo(spec.Environment) });

    /// <summary>Without the variables.</summary>
    public ContainerSpec ShownIn(ContainerSpec spec) => spec with
    {
        Cpu = Cpu,
        Fault = Cpu is null ? null : CpuidFault.Here,
        EnvironmentWithoutCpu = Fallback?.AppliedTo(spec.Environment),
        Emulator = Emulator,
        GeneratedFiles = CpuInfo is null ? spec.GeneratedFiles : new Dictionary<string, ReadOnlyMemory<byte>>(spec.GeneratedFiles)
        {
            [CpuInfoPath] = CpuInfo,
        },
    };

    public IReadOnlyList<EnvironmentEntry> AppliedTo(IReadOnlyList<EnvironmentEntry> environment) =>
        JobEnvironment.With(environment, Variables);

    /// <summary>With what came of it.</summary>
    public CpuPin Finished(ContainerResult result)
    {
        if (result.NotPinned is { } reason && Fallback?.Pinning is { } instead)
            return instead with { NotPinned = [$"what asks the processor itself: {reason}", .. instead.NotPinned] };
        return result.Cpuid is not { } report ? Pinning : Pinning with
        {
            CpuidInstructions = report.Instructions,
            CpuidAnswers = report.Answers,
            NotPinned = [.. Pinning.NotPinned, .. report.Gaps],
        };
    }
}
