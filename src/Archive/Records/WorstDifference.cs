namespace Provenance.Archive.Records;

/// <summary>The two numbers that are farthest apart. Decimals stand in strings: hashed JSON has no fractions.</summary>
public sealed record WorstDifference
{
    /// <summary>|a − b|, six digits; <c>inf</c> when only one of them is a finite number.</summary>
    public required string Absolute { get; init; }

    /// <summary>The same by the largest magnitude of the group that they are in; null when that is 0 or not finite.</summary>
    public string? Relative { get; init; }

    /// <summary>Where, such as <c>line 4, column 'energy'</c> or <c>[3, 0]</c>.</summary>
    public required string Where { get; init; }

    public required string Original { get; init; }

    public required string Replayed { get; init; }
}
