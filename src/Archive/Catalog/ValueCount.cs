namespace Provenance.Archive.Catalog;

/// <summary>A value of a column, and how many runs have it.</summary>
public sealed record ValueCount
{
    public required string Value { get; init; }

    public required long Count { get; init; }
}
