namespace Provenance.Archive.Catalog;

/// <summary>What most runs of an archive have in common, the most frequent first.</summary>
public sealed record CatalogFacets
{
    /// <summary>Images, as users named them.</summary>
    public required IReadOnlyList<ValueCount> Images { get; init; }

    /// <summary>Names of first hosts.</summary>
    public required IReadOnlyList<ValueCount> Hosts { get; init; }

    /// <summary>Kinds of processor, as archspec names them, of first hosts.</summary>
    public required IReadOnlyList<ValueCount> Processors { get; init; }

    /// <summary>Programs, as they were called.</summary>
    public required IReadOnlyList<ValueCount> Programs { get; init; }

    /// <summary>SHA-256 of signers' certificates, in hex.</summary>
    public required IReadOnlyList<SignerCount> Signers { get; init; }

    /// <summary>Months of the start, <c>2026-11</c>, the latest first.</summary>
    public required IReadOnlyList<ValueCount> Months { get; init; }

    /// <summary>Verdicts of replays.</summary>
    public required IReadOnlyList<ValueCount> Verdicts { get; init; }
}
