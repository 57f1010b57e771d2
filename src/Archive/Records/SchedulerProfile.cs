namespace Provenance.Archive.Records;

/// <summary>The batch job around the run.</summary>
public sealed record SchedulerProfile
{
    /// <summary><c>slurm</c>.</summary>
    public required string Kind { get; init; }

    public required string JobId { get; init; }

    public string? StepId { get; init; }

    public string? Cluster { get; init; }

    public string? Partition { get; init; }

    public string? NodeList { get; init; }

    public int? NodeCount { get; init; }

    public int? TaskCount { get; init; }

    public int? TaskRank { get; init; }
}
