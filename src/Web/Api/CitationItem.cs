using Provenance.Archive.Catalog;

namespace Provenance.Web.Api;

/// <summary>A paper that rests on a run, as somebody says.</summary>
internal sealed record CitationItem
{
    public required string Id { get; init; }

    public required string Doi { get; init; }

    public string? Title { get; init; }

    public required string Run { get; init; }

    public string? SignedBy { get; init; }

    public required IReadOnlyList<FigureItem> Figures { get; init; }

    public static CitationItem Of(CitationRow citation) => new()
    {
        Id = citation.Record.Hex,
        Doi = citation.Doi.ToString(),
        Title = citation.Title,
        Run = citation.Run.Hex,
        SignedBy = citation.SignerName,
        Figures = [.. citation.Figures.Select(figure => new FigureItem(figure.Label, figure.Path, figure.Sha256.Hex, figure.IsOutput))],
    };
}
