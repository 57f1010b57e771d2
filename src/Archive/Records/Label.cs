namespace Provenance.Archive.Records;

/// <summary>A name and value that the user gave to find the run again.</summary>
public sealed record Label
{
    public required string Name { get; init; }

    public required string Value { get; init; }
}
