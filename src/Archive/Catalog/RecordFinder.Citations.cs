using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>Papers, and the runs they rest on.</summary>
public sealed partial class RecordFinder
{
    private const int MostFigures = 10_000;

    /// <summary>Figures of one answer that are looked up among the outputs of their runs: a citation may have a thousand.</summary>
    private const int MostFiguresChecked = 500;

    /// <summary>Papers that cite a run, oldest citation first.</summary>
    public IReadOnlyList<CitationRow> CitationsOf(Digest run) => Citations(catalog => catalog.CitationsOfRun(SqlBlob.Of(run), MostFigures));

    /// <summary>What a paper cites, oldest citation first.</summary>
    public IReadOnlyList<CitationRow> CitationsOf(Doi doi) => Citations(catalog => catalog.CitationsOfPaper(doi.ToString(), MostFigures));

    /// <summary>Citations that name a file with this content as a figure, oldest first.</summary>
    /// <param name="content">SHA-256 of the file.</param>
    public IReadOnlyList<CitationRow> CitationsOfFigure(Digest content) =>
        Citations(catalog => catalog.CitationsOfFile(SqlBlob.Of(content), MostFigures));

    /// <summary>Papers that cite runs, the one that was cited last first.</summary>
    public IReadOnlyList<Doi> Papers(int limit = 100) =>
        [.. _overlay.Ask(catalog => catalog.Papers(limit)).Distinct().Take(limit).Select(Doi.Parse)];

    /// <summary>Papers that cite runs, the one that was cited last first, each with the place of that citation.</summary>
    /// <param name="before">Behind this place alone.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<(Doi Doi, long Place)> PapersBefore(long before, int limit) =>
        [.. _overlay.Ask(catalog => catalog.PapersBefore(before, limit)).DistinctBy(paper => paper.Doi).Take(limit)
            .Select(paper => (Doi.Parse(paper.Doi), paper.Place))];

    /// <summary>What papers cite whose title has these letters, newest citation first.</summary>
    /// <param name="text">Three letters or more.</param>
    /// <param name="limit">Figures of all of them together, at most.</param>
    public IReadOnlyList<CitationRow> CitationsTitled(string text, int limit) => Citations(catalog => catalog.CitationsTitled(text, limit));

    private List<CitationRow> Citations(Func<CatalogReader, IEnumerable<CitationRow>> ask)
    {
        int left = MostFiguresChecked;
        return
        [
            .. _overlay.Ask(ask).DistinctBy(row => row.Record)
                .Select(row => row with { Figures = [.. row.Figures.Select(figure => left-- > 0 ? Checked(row.Run, figure) : figure)] }),
        ];
    }

    /// <summary>Anybody may sign that a figure is an output: whether it is, the run's own list tells.</summary>
    private FigureRow Checked(Digest run, FigureRow figure)
    {
        bool[] answers = [.. _overlay.Ask(catalog => catalog.IsOutput(SqlBlob.Of(run), SqlBlob.Of(figure.Sha256)))];
        return answers.Length == 0 ? figure : figure with { IsOutput = answers.Contains(true) };
    }
}
