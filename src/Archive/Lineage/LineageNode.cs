using Provenance.Archive.Catalog;

namespace Provenance.Archive.Lineage;

/// <summary>One run of a lineage and what joins it to others.</summary>
public sealed record LineageNode
{
    public required RunRow Run { get; init; }

    /// <summary>Links from the root to here, by the shortest way; 0 for the root.</summary>
    public required int Depth { get; init; }

    /// <summary>In order of the first file. A link to a run that is not among the nodes was not followed.</summary>
    public required IReadOnlyList<LineageLink> Links { get; init; }

    /// <summary>Upwards: inputs that no run of the archive is known to have made, the first of them in order of path.</summary>
    public required IReadOnlyList<LineageFile> Sources { get; init; }

    /// <summary>How many there are of <see cref="Sources"/> in all.</summary>
    public required int SourceCount { get; init; }
}
