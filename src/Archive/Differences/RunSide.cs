using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;

namespace Provenance.Archive.Differences;

/// <summary>One of two runs that are compared.</summary>
public sealed record RunSide
{
    public required RunRecord Record { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    public required IEnumerable<UsedFile> Used { get; init; }

    /// <summary>In ordinal order of the paths.</summary>
    public required IEnumerable<GeneratedFile> Generated { get; init; }

    /// <summary>Of the image; empty when both runs had the same, null when they are not compared.</summary>
    public required IReadOnlyList<InstalledPackage>? Packages { get; init; }
}
