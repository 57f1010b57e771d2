namespace Provenance.Archive.Records;

/// <summary>How far two numbers may be apart: |a − b| ≤ absolute + relative · max|x|, where x is every number of their group, then and now.</summary>
/// <remarks>Norm-wise, since an element-wise relative error means nothing near zero. What a group is: schema/FORMAT.d/recording.md.</remarks>
public sealed record ComparisonTolerance
{
    /// <summary>A decimal that is not negative, as it was typed.</summary>
    public required string Relative { get; init; }

    /// <summary>A decimal that is not negative, as it was typed.</summary>
    public required string Absolute { get; init; }
}
