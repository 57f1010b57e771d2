using Provenance.Archive.Records;
using Provenance.Runtime.Pinning;

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

    /// <summary>Null when the job is to see this processor.</summary>
    public PinPlan? Pin { get; init; }

    /// <summary>Whether this host has terminals to give, where the run had some.</summary>
    public required bool HasTerminals { get; init; }

    /// <summary>What the job's standard output and error are: as the run's were, so far as this host can.</summary>
    public StreamForm Form => HasTerminals ? Run.Form : Run.Form with { StdoutTerminal = false, StderrTerminal = false };

    /// <summary>Null for a replay by itself.</summary>
    public ReplayFeed? Feed { get; init; }

    /// <summary>As it was asked for.</summary>
    public required ReplayRequest Request { get; init; }

    /// <summary>Those that speak against something and were not found before.</summary>
    public IEnumerable<Finding> New(IEnumerable<Finding> findings)
    {
        var known = Assessment.Findings.Select(finding => (finding.Rule, finding.Message)).ToHashSet();
        return findings.Where(finding => finding.Verdict != Verdict.Ok && !known.Contains((finding.Rule, finding.Message)));
    }

    /// <summary>The record so far, with the verdict that was reached.</summary>
    public ReplayRecord ToRecord(ReplayVerdict verdict, string? reason = null) => new()
    {
        Recorder = RecorderName.Current,
        Run = Run.Id,
        Assessment = Assessment,
        Host = Host,
        Forced = Forced ?? [],
        Relocated = [.. Inputs.Relocated, .. Feed?.Stdin is { } stdin ? new[] { stdin.ToRelocation() } : []],
        Comparison = [],
        Pinning = Pin?.Pinning,
        Verdict = verdict,
        Reason = reason,
        Chain = Feed?.Chain,
        Tolerance = Request.Policy.Tolerance,
        Ignored = Request.Policy.Ignored.Count > 0 ? Request.Policy.Ignored : null,
        Accepted = Request.Policy.Accepted == ComparisonResult.Identical ? null : Request.Policy.Accepted,
        NoiseAccepted = Request.Policy.AcceptNoise ? true : null,
        Purpose = Request.Purpose == ReplayPurpose.Replication ? null : Request.Purpose,
    };
}
