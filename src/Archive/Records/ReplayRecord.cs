using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>replay/v1</c>: a run done again, and whether its results came out the same.</summary>
public sealed record ReplayRecord
{
    public required Recorder Recorder { get; init; }

    /// <summary>The run that was replayed.</summary>
    public required Digest Run { get; init; }

    public required Assessment Assessment { get; init; }

    public required HostProfile Host { get; init; }

    /// <summary>Rules whose refusal <c>--force</c> set aside. A forced replay never counts as a replication.</summary>
    public required IReadOnlyList<string> Forced { get; init; }

    /// <summary>Folders and files that were taken from another place than the run's.</summary>
    public required IReadOnlyList<Relocation> Relocated { get; init; }

    public required IReadOnlyList<ComparedOutput> Comparison { get; init; }

    public required ReplayVerdict Verdict { get; init; }

    /// <summary>Why it failed or was refused, in one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>When the job was made to choose the code of another processor; null when it saw its own.</summary>
    public CpuPin? Pinning { get; init; }

    /// <summary>How the job ended this time; null when it never started.</summary>
    public Outcome? Outcome { get; init; }

    public SandboxReport? Sandbox { get; init; }

    /// <summary>When the run was repeated as a step of a pipeline; null when it was repeated by itself.</summary>
    public ReplayChain? Chain { get; init; }

    /// <summary>How far numbers were allowed to differ; null when not at all.</summary>
    public ComparisonTolerance? Tolerance { get; init; }

    /// <summary>Patterns of paths that were not to decide; null when there were none.</summary>
    public IReadOnlyList<string>? Ignored { get; init; }

    /// <summary>The least that counts as reproduced: identical, same-content or within-tolerance. Null stands for identical.</summary>
    public ComparisonResult? Accepted { get; init; }

    /// <summary>The worst result of the outputs that decide; null when nothing was compared.</summary>
    public ComparisonResult? Agreement { get; init; }

    /// <summary>Null stands for a replication.</summary>
    public ReplayPurpose? Purpose { get; init; }

    /// <summary>The record of the author's second run, from which it is known how much results vary; null when there is none.</summary>
    public Digest? NoiseFloor { get; init; }

    /// <summary>Whether a difference counts as reproduced when it is no larger than the author's own.</summary>
    public bool? NoiseAccepted { get; init; }

    /// <summary>What was tried to learn why results differ; null when nothing was.</summary>
    public ReplayExplanation? Explanation { get; init; }
}
