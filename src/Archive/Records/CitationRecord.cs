using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Records;

/// <summary>The predicate <c>citation/v1</c>: a paper rests on a run, and these of its figures are the run's outputs.</summary>
/// <remarks>Who signs stands in it, as in <see cref="EndorsementRecord"/>: two who say the same must not make the same bytes.</remarks>
public sealed record CitationRecord
{
    /// <summary>Characters of a title.</summary>
    public const int MaxTitle = 500;

    /// <summary>Characters of a figure's label.</summary>
    public const int MaxLabel = 100;

    /// <summary>Figures of one citation.</summary>
    public const int MaxFigures = 1000;

    public required Recorder Recorder { get; init; }

    /// <summary>The statement of the run.</summary>
    public required LeafBlob Run { get; init; }

    /// <summary>SHA-256 of the certificate that signs this.</summary>
    public required Digest Certificate { get; init; }

    /// <summary>The paper.</summary>
    public required Doi Doi { get; init; }

    /// <summary>Of the paper, in one line; null when it was not given.</summary>
    public string? Title { get; init; }

    /// <summary>In the order they were given; empty when the paper is cited as a whole.</summary>
    public required IReadOnlyList<CitedFigure> Figures { get; init; }
}
