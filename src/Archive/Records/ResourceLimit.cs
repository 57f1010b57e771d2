namespace Provenance.Archive.Records;

/// <summary>One of getrlimit(2)'s limits; null is unlimited.</summary>
public sealed record ResourceLimit
{
    /// <summary>The name without <c>RLIMIT_</c>, lower case: <c>nofile</c>.</summary>
    public required string Name { get; init; }

    public long? Soft { get; init; }

    public long? Hard { get; init; }
}
