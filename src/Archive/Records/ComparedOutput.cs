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

    /// <summary>What it was compared as, such as <c>csv</c> or <c>png</c>; null when the digests had to do.</summary>
    public string? Kind { get; init; }

    /// <summary>What was told apart from the content, such as <c>gzip header</c>; null when nothing was.</summary>
    public IReadOnlyList<string>? Normalised { get; init; }

    /// <summary>The two numbers that are farthest apart, measured by their group; null when no number differs.</summary>
    public WorstDifference? Worst { get; init; }

    /// <summary>The pattern by which it does not decide; null when none matches.</summary>
    public string? Ignored { get; init; }

    /// <summary>How much it varied for the author; null when that is not known, or it did not.</summary>
    public OutputNoise? Noise { get; init; }

    /// <summary>What else there is to say, in one sentence.</summary>
    public string? Note { get; init; }
}
