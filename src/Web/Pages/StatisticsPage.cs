using Provenance.Archive.Catalog;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>The archive in numbers.</summary>
public sealed record StatisticsPage(PageHead Head, Numbers Numbers)
{
    public IReadOnlyList<(string Title, IReadOnlyList<ValueCount> Values)> Tables =>
    [
        ("Runs by month", Numbers.Facets.Months), ("Replays by outcome", Numbers.Facets.Verdicts), ("Runs by image", Numbers.Facets.Images),
        ("Runs by program", Numbers.Facets.Programs), ("Runs by host", Numbers.Facets.Hosts), ("Runs by kind of processor", Numbers.Facets.Processors),
    ];
}
