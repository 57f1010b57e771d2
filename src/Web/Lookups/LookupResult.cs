using Provenance.Archive.Catalog;
using Provenance.Archive.Records;

namespace Provenance.Web.Lookups;

/// <summary>Everything that was found for what somebody typed.</summary>
public sealed record LookupResult
{
    public required Query Query { get; init; }

    /// <summary>Records by their id.</summary>
    public IReadOnlyList<RecordRow> Records { get; init; } = [];

    public IReadOnlyList<FileMatch> MadeBy { get; init; } = [];

    public IReadOnlyList<FileMatch> UsedBy { get; init; } = [];

    public IReadOnlyList<ImageRow> Images { get; init; } = [];

    /// <summary>What papers say: by a DOI, or of a figure.</summary>
    public IReadOnlyList<CitationRow> Citations { get; init; } = [];

    public IReadOnlyList<SignerCount> Signers { get; init; } = [];

    public IReadOnlyList<RunRow> Runs { get; init; } = [];

    /// <summary>Records by their id that were taken down.</summary>
    public IReadOnlyList<TombstoneRow> TakenDown { get; init; } = [];

    /// <summary>The one page that is meant, where it is clear; null otherwise.</summary>
    public string? Page { get; init; }

    public bool IsEmpty => Page is null && TakenDown.Count == 0
        && Records.Count + MadeBy.Count + UsedBy.Count + Images.Count + Citations.Count + Signers.Count + Runs.Count == 0;

    /// <summary>The DOI that was asked for; null when none was.</summary>
    public Doi? Doi => Query.Kind == QueryKind.Doi ? Doi.Parse(Query.Value) : null;
}
