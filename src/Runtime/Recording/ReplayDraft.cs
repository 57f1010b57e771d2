using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What a replay knows before the job is started, and what it is refused for.</summary>
internal sealed record ReplayDraft
{
    public required RecordedRun Run { get; init; }

    public required HostProfile Host { get; init; }

    public required Assessment Assessment { get; init; }

    /// <summary>Rules that --force set aside; null when the replay is refused.</summary>
    public required IReadOnlyList<string>? Forced { get; init; }

    public required InputLocator Inputs { get; init; }

    public required IReadOnlyList<LocatedInput> Located { get; init; }

    public required IReadOnlyList<Sandbox.EnvironmentEntry> Environment { get; init; }

    /// <summary>Null for a replay by itself.</summary>
    public ReplayChain? Chain { get; init; }

    /// <summary>The record so far, with the verdict that was reached.</summary>
    public ReplayRecord ToRecord(ReplayVerdict verdict, string? reason = null) => new()
    {
        Recorder = RecorderName.Current,
        Run = Run.Id,
        Assessment = Assessment,
        Host = Host,
        Forced = Forced ?? [],
        Relocated = Inputs.Relocated,
        Comparison = [],
        Verdict = verdict,
        Reason = reason,
        Chain = Chain,
    };
}
