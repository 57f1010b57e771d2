namespace Provenance.Archive.Records;

/// <summary>An input that came from elsewhere.</summary>
public sealed record Relocation
{
    /// <summary>Absolute path in the container.</summary>
    public required string Path { get; init; }

    /// <summary>Host path it came from, or <c>archive</c>.</summary>
    public required string Source { get; init; }
}
