namespace Provenance.Archive.Records;

/// <summary>A pool of huge pages.</summary>
public sealed record HugePages
{
    public required long PageBytes { get; init; }

    public required long Count { get; init; }
}
