namespace Provenance.Archive.Records;

/// <summary>One cache as a core sees it.</summary>
public sealed record CpuCache
{
    public required int Level { get; init; }

    /// <summary><c>data</c>, <c>instruction</c> or <c>unified</c>.</summary>
    public required string Type { get; init; }

    public required long SizeBytes { get; init; }
}
