using Provenance.Archive.Records;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>How a container ended, what it took, and how it was made.</summary>
public sealed record ContainerResult
{
    public required ExitStatus Status { get; init; }

    /// <summary>Of the job's first process and of all descendants it waited for.</summary>
    public required TimeSpan UserTime { get; init; }

    /// <inheritdoc cref="UserTime"/>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>Largest resident set of any one of these processes, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>By the monotonic clock.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether the job had a process tree of its own.</summary>
    public required bool PidNamespace { get; init; }

    public required RootKind Root { get; init; }

    /// <summary>Why calls were not observed though that was asked for, a plain sentence; null when they were, or it was not.</summary>
    public string? NotObserved { get; init; }

    /// <summary>At which instruction a process of the job ended by SIGILL; null when none did, or that could not be seen.</summary>
    public IllegalInstruction? Illegal { get; init; }

    /// <summary>Whether a process of the job seems to have ended by an illegal instruction of which nothing more is known.</summary>
    public bool IsIllegalUnexplained { get; init; }

    /// <summary>Why CPUID was not answered though it should be, a plain sentence; null when it was, or should not be.</summary>
    public string? NotPinned { get; init; }

    /// <summary>What came of <see cref="ContainerSpec.Cpu"/>; null when it was not asked for.</summary>
    internal CpuidReport? Cpuid { get; init; }

    /// <summary>Plain sentences, each a thing that could not be done here.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
