namespace Provenance.Archive.Records;

/// <summary>A program or library that was not analysed.</summary>
public sealed record UnreadBinary
{
    /// <summary>Absolute path in the container, or the name of a library that was not found.</summary>
    public required string Path { get; init; }

    public required string Reason { get; init; }
}
