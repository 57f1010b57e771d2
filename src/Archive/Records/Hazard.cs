namespace Provenance.Archive.Records;

/// <summary>Something that may keep the run from being reproduced.</summary>
public sealed record Hazard
{
    /// <summary>A stable name, such as <c>network</c>.</summary>
    public required string Id { get; init; }

    public required string Message { get; init; }

    /// <summary>What it was seen by, such as paths: the first 20, and a last one that counts the others.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }

    /// <summary>What would take it away.</summary>
    public string? Remedy { get; init; }
}
