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

    /// <summary>How the job ended this time; null when it never started.</summary>
    public Outcome? Outcome { get; init; }

    public SandboxReport? Sandbox { get; init; }

    /// <summary>When the run was repeated as a step of a pipeline; null when it was repeated by itself.</summary>
    public ReplayChain? Chain { get; init; }
}
