using Provenance.Archive.Catalog;

namespace Provenance.Web.Reading;

/// <summary>How many records of each kind there are, and what most runs have in common.</summary>
public sealed record Numbers
{
    public required ArchiveStamp Stamp { get; init; }

    public required DateTimeOffset CountedAt { get; init; }

    public required long Runs { get; init; }

    public required long Images { get; init; }

    public required long Replays { get; init; }

    public required long Endorsements { get; init; }

    public required long Citations { get; init; }

    public required CatalogFacets Facets { get; init; }

    /// <summary>Who signed, those first who signed most.</summary>
    public required IReadOnlyList<SignerCount> Signers { get; init; }
}
