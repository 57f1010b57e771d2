using Provenance.Archive.Records;

namespace Provenance.Web.Api;

/// <summary>A page of the packages of an image, in order of manager, name and version.</summary>
internal sealed record PackageListDocument
{
    public required IReadOnlyList<ImagePackage> Packages { get; init; }

    /// <summary>The address of the next page; absent on the last.</summary>
    public string? Next { get; init; }
}
