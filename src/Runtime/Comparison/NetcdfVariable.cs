namespace Provenance.Runtime.Comparison;

/// <summary>An array of a NetCDF file.</summary>
internal sealed record NetcdfVariable
{
    public required string Name { get; init; }

    public required NetcdfType Type { get; init; }

    /// <summary>Names of its dimensions, the slowest first.</summary>
    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>Their lengths; of the record dimension the number of records.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Whether the first dimension is the record dimension: its records lie apart.</summary>
    public required bool IsRecord { get; init; }

    public required IReadOnlyList<NetcdfAttribute> Attributes { get; init; }

    /// <summary>Where its first value stands, in bytes.</summary>
    public required long Begin { get; init; }

    /// <summary>Values in one piece: of one record, or all.</summary>
    public required long Values { get; init; }

    /// <summary>Pieces: records, or 1.</summary>
    public required long Pieces { get; init; }

    public string Declaration => $"{Type} {Name}({string.Join(", ", Dimensions)})".ToLowerInvariant();
}
