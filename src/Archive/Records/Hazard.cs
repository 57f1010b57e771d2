namespace Provenance.Archive.Records;

/// <summary>Something that may keep the run from being reproduced.</summary>
public sealed record Hazard
{
    /// <summary>A stable name, such as <c>network</c>.</summary>
    public required string Id { get; init; }

    public required string Message { get; init; }
}
