using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>Everything about one image.</summary>
public sealed record ImagePage
{
    public required PageHead Head { get; init; }

    /// <summary>Of its signed record.</summary>
    public required RecordRow Row { get; init; }

    public required ImageRecord Record { get; init; }

    public required JudgedRecord Judged { get; init; }

    public required ByHand ByHand { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required ShownPackages Packages { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>In words, for beyond a page's length it is not counted.</summary>
    public required string RunCount { get; init; }

    /// <summary>As container tools pull it from here.</summary>
    public required string PullName { get; init; }
}
