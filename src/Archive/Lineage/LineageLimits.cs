namespace Provenance.Archive.Lineage;

/// <summary>How far a lineage is followed.</summary>
public sealed record LineageLimits
{
    public static readonly LineageLimits Default = new();

    /// <summary>Links from the root; null for as far as it goes.</summary>
    public int? Depth { get; init; }

    /// <summary>Runs that are looked at in all.</summary>
    public int Runs { get; init; } = 10_000;

    /// <summary>Sources of one run that are listed; the others are counted.</summary>
    public int Sources { get; init; } = 1000;
}
