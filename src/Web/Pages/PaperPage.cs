using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Archive.Wording;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>A paper: the runs it rests on, its figures, and who repeated them.</summary>
public sealed record PaperPage
{
    private const int MostPreviews = 20;

    public required PageHead Head { get; init; }

    public required Doi Doi { get; init; }

    public string? Title { get; init; }

    public required IReadOnlyList<PaperFigure> Figures { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>Cited runs that are not in this archive.</summary>
    public required int Elsewhere { get; init; }

    /// <summary>Of <see cref="Runs"/>, those that a replay here reproduced without force, signed by somebody who is trusted here.</summary>
    public required int Reproduced { get; init; }

    public string Summary => $"It rests on {Readable.Count(Runs.Count + Elsewhere, "run", "runs")}, as signed citations say; "
        + Reproduced switch
        {
            0 => "none was repeated here with the same result yet.",
            1 => "1 of them was repeated here with the same result.",
            _ => $"{Reproduced} of them were repeated here with the same result.",
        };

    /// <returns>Null when nobody has cited a run for it.</returns>
    internal static PaperPage? Find(Doi doi, Reader reader, Verifications verifications, Func<string, PageHead> head)
    {
        var citations = reader.Finder.CitationsOf(doi);
        if (citations.Count == 0)
        {
            return null;
        }

        var runs = citations.Select(citation => citation.Run).Distinct().ToDictionary(run => run, reader.Finder.FindRun);
        var replays = runs.Keys.ToDictionary(run => run, run => reader.Finder.ReplaysOf(run).Where(replay => !replay.IsNoiseFloor).ToList());
        var counts = replays.Values.SelectMany(all => all).Where(replay => verifications.IsReplication(reader, replay)).ToHashSet();
        var previews = new Previews(reader.Blobs);
        string? title = citations.Select(citation => citation.Title).OfType<string>().FirstOrDefault();
        return new PaperPage
        {
            Head = head(title ?? $"doi:{doi}"),
            Doi = doi,
            Title = title,
            Figures =
            [
                .. from citation in citations
                   from figure in citation.Figures
                   select new PaperFigure
                   {
                       Label = figure.Label,
                       Path = figure.Path,
                       Sha256 = figure.Sha256,
                       Run = citation.Run,
                       IsOutput = figure.IsOutput,
                       Command = runs[citation.Run]?.Command,
                       Replays = InWords(replays[citation.Run], counts),
                       SignerName = citation.SignerName,
                       Preview = PreviewOf(figure),
                   },
            ],
            Runs = [.. runs.Values.OfType<RunRow>().OrderByDescending(run => run.StartedAt)],
            Elsewhere = runs.Values.Count(run => run is null),
            Reproduced = replays.Count(pair => pair.Value.Exists(counts.Contains)),
        };

        Preview? PreviewOf(FigureRow figure) => citations.Sum(citation => citation.Figures.Count) <= MostPreviews && reader.Blobs.Contains(figure.Sha256)
            ? previews.Of(figure.Path, figure.Sha256, reader.Blobs.SizeOf(figure.Sha256))
            : null;
    }

    private static string InWords(List<ReplayRow> replays, HashSet<ReplayRow> counts) =>
        replays.Count == 0 ? "never" : $"{replays.Count(counts.Contains)} of {replays.Count} reproduced it";
}
