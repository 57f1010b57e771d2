namespace Provenance.Archive.Records;

/// <summary>How much an output varied between the author's own two runs.</summary>
public sealed record OutputNoise
{
    public required ComparisonResult Result { get; init; }

    /// <summary>The numbers that were farthest apart then; null when it was not numbers that differed.</summary>
    public WorstDifference? Worst { get; init; }

    /// <summary>Whether the output differs by no more now than it did for the author.</summary>
    public required bool Covers { get; init; }
}
