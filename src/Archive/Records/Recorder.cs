namespace Provenance.Archive.Records;

/// <summary>The program that wrote a record.</summary>
public sealed record Recorder
{
    public required string Name { get; init; }

    public required string Version { get; init; }
}
