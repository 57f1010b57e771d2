namespace Provenance.Archive.Records;

/// <summary>One NUMA node.</summary>
public sealed record NumaNode
{
    public required int Node { get; init; }

    /// <summary>A list such as <c>0-15</c>.</summary>
    public required string Cpus { get; init; }

    public required long MemoryBytes { get; init; }
}
