namespace Provenance.Archive.Records;

/// <summary>An input that came from elsewhere.</summary>
public sealed record Relocation
{
    /// <summary>Absolute path in the container, or <c>stdin</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Host path it came from, <c>archive</c>, or <c>replay:</c> and the run whose replay, in the same chain, made it.</summary>
    public required string Source { get; init; }

    /// <summary>What it was this time, when that is not what the run had; null when it is.</summary>
    public DigestSet? Digest { get; init; }
}
