namespace Provenance.Archive.Records;

/// <summary>One output, then and now.</summary>
public sealed record ComparedOutput
{
    /// <summary>Path in the container, or <c>stdout</c>, <c>stderr</c>, <c>exit status</c>.</summary>
    public required string Name { get; init; }

    public required ComparisonResult Result { get; init; }

    /// <summary>Whether this output decides the verdict; standard error only informs.</summary>
    public required bool Decides { get; init; }

    public DigestSet? Original { get; init; }

    public DigestSet? Replayed { get; init; }

    /// <summary>Where and how they first differ; null when they agree or the original was not kept.</summary>
    public FirstDifference? FirstDifference { get; init; }

    /// <summary>What else there is to say, in one sentence.</summary>
    public string? Note { get; init; }
}
