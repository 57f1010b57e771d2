using Provenance.Archive.Records;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>Papers that rest on runs.</summary>
public sealed record PapersPage(PageHead Head, IReadOnlyList<(Doi Doi, string? Title, int Runs, int Figures)> Papers)
{
    private const int Most = 200;

    internal static IReadOnlyList<(Doi Doi, string? Title, int Runs, int Figures)> List(Reader reader) =>
    [
        .. from doi in reader.Finder.Papers(Most)
           let citations = reader.Finder.CitationsOf(doi)
           select (doi, citations.Select(citation => citation.Title).OfType<string>().FirstOrDefault(),
               citations.DistinctBy(citation => citation.Run).Count(), citations.Sum(citation => citation.Figures.Count)),
    ];
}
