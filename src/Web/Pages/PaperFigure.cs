using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>A figure of a paper, and which run made it.</summary>
public sealed record PaperFigure
{
    public required string Label { get; init; }

    public required string Path { get; init; }

    public required Digest Sha256 { get; init; }

    public required Digest Run { get; init; }

    /// <summary>Of the run; null when it is not in this archive.</summary>
    public string? Command { get; init; }

    /// <summary>Whether the run made it, as its record says; null where that is not known.</summary>
    public bool? IsOutput { get; init; }

    /// <summary>What became of the run's replays, in words.</summary>
    public required string Replays { get; init; }

    public string? SignerName { get; init; }

    public Preview? Preview { get; init; }
}
