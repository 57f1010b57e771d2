namespace Provenance.Archive.Records;

/// <summary>Approximate reciprocals and square roots in a file: rcpps, rsqrtps and their kin.</summary>
public sealed record ApproximateCode
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>Instructions.</summary>
    public required int Count { get; init; }
}
