namespace Provenance.Archive.Records;

/// <summary>How many packages of one manager an image has.</summary>
public sealed record PackageCount
{
    /// <summary>As in <see cref="ImagePackage.Manager"/>.</summary>
    public required string Manager { get; init; }

    public required int Count { get; init; }
}
