using Provenance.Archive.Catalog;

namespace Provenance.Web.Api;

/// <summary>The archive in numbers.</summary>
internal sealed record StatisticsDocument
{
    public required DateTimeOffset CountedAt { get; init; }

    public required long Runs { get; init; }

    public required long Images { get; init; }

    public required long Replays { get; init; }

    public required long Endorsements { get; init; }

    public required long Citations { get; init; }

    public required IReadOnlyList<ValueCount> Months { get; init; }

    public required IReadOnlyList<ValueCount> Verdicts { get; init; }
}
