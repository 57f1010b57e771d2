namespace Provenance.Archive.Records;

/// <summary>A path that a job looked for and that was not there: a file put there would have changed what it did. One JSON line of the list.</summary>
public sealed record SoughtPath
{
    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>How many times.</summary>
    public required int Count { get; init; }
}
