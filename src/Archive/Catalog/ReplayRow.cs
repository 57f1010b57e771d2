using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>One replay of a run.</summary>
public sealed record ReplayRow
{
    public required Digest Record { get; init; }

    /// <summary>Where it stands in the list of all: its place in the log, or the one it may get.</summary>
    public long Place { get; init; }

    /// <summary>The run that was replayed.</summary>
    public required Digest Run { get; init; }

    public required ReplayVerdict Verdict { get; init; }

    /// <summary>Why it failed or was refused.</summary>
    public required string? Reason { get; init; }

    /// <summary>What the assessment before it had said.</summary>
    public required Verdict Assessed { get; init; }

    /// <summary>True when a refusal was set aside by <c>--force</c>.</summary>
    public required bool Forced { get; init; }

    /// <summary>True for the author's own second run, which is no replication.</summary>
    public required bool IsNoiseFloor { get; init; }

    /// <summary>Null when the job never started.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    public required string Hostname { get; init; }

    public required string Cpu { get; init; }

    public required string? SignerName { get; init; }

    public required Digest? SignerCertificate { get; init; }

    /// <summary>Whether somebody repeated the run and it came out the same: not forced, and not the author's own second run.</summary>
    public bool IsReplication => Verdict == ReplayVerdict.Reproduced && !Forced && !IsNoiseFloor;
}
