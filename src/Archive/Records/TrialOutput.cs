namespace Provenance.Archive.Records;

/// <summary>What became of one output in a trial.</summary>
public sealed record TrialOutput
{
    /// <summary>As in the comparison.</summary>
    public required string Name { get; init; }

    /// <summary>Compared with the original.</summary>
    public required ComparisonResult Result { get; init; }

    /// <summary>Whether a second run under the same settings gave the same bytes; null when there was none.</summary>
    public bool? Repeats { get; init; }
}
