using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>An image that has a package which was asked for.</summary>
/// <param name="Image">Of its record.</param>
/// <param name="Package">Without its path, which stands in the record's list alone.</param>
public sealed record PackageMatch(ImageRow Image, ImagePackage Package);
