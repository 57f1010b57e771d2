using Provenance.Archive.Catalog;
using Provenance.Archive.Records;

namespace Provenance.Web.Api;

/// <summary>A replay of a run.</summary>
internal sealed record ReplayItem
{
    public required string Id { get; init; }

    /// <summary>The run that was replayed.</summary>
    public required string Run { get; init; }

    public required ReplayVerdict Verdict { get; init; }

    public string? Reason { get; init; }

    public required bool Forced { get; init; }

    /// <summary>The author's own second run, from which it is known how much results vary.</summary>
    public required bool NoiseFloor { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public required string Host { get; init; }

    public required string Cpu { get; init; }

    public string? SignedBy { get; init; }

    public static ReplayItem Of(ReplayRow replay) => new()
    {
        Id = replay.Record.Hex,
        Run = replay.Run.Hex,
        Verdict = replay.Verdict,
        Reason = replay.Reason,
        Forced = replay.Forced,
        NoiseFloor = replay.IsNoiseFloor,
        StartedAt = replay.StartedAt,
        Host = replay.Hostname,
        Cpu = replay.Cpu,
        SignedBy = replay.SignerName,
    };
}
