namespace Provenance.Archive.Records;

/// <summary>A figure, table or number of a paper, and the output of the run that it is.</summary>
public sealed record CitedFigure
{
    /// <summary>As the paper calls it, one line of at most 100 characters: <c>Fig. 3</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Path of the output in the container, or <c>stdout</c>.</summary>
    public required string Path { get; init; }

    public required DigestSet Digest { get; init; }
}
