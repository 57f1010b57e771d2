namespace Provenance.Archive.Records;

/// <summary>How a job was made to choose the code of another processor than the one it ran on.</summary>
public sealed record CpuPin
{
    /// <summary>Which processor was asked for: <c>recorded</c>, a psABI level <c>v1</c>…<c>v4</c>, or <c>profile</c>; qemu's name for it.</summary>
    public required string Target { get; init; }

    /// <summary><c>env</c>: by variables alone. <c>cpuid</c>: it was answered in the processor's place as well. <c>qemu</c>: all were emulated.</summary>
    public required string Mode { get; init; }

    /// <summary>The processor in words.</summary>
    public required string Cpu { get; init; }

    /// <summary>Features that were taken away, named as in /proc/cpuinfo, in ordinal order.</summary>
    public required IReadOnlyList<string> Hidden { get; init; }

    /// <summary>Variables that were set for it, as <c>NAME=value</c>, in the order they were set.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>How many CPUID instructions were taken over, in all processes; null in mode env, or when the job did not start.</summary>
    public long? CpuidInstructions { get; init; }

    /// <summary>How many times they were answered.</summary>
    public long? CpuidAnswers { get; init; }

    /// <summary>What goes by the real processor all the same, one sentence each.</summary>
    public required IReadOnlyList<string> NotPinned { get; init; }
}
