namespace Provenance.Archive.Catalog;

/// <summary>A row of image_packages, with its image's record and its package, as SQLite gives it.</summary>
internal sealed class RawPackageMatch
{
    public byte[] Record { get; init; } = [];

    public string Manager { get; init; } = "";

    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    public string PackageFor { get; init; } = "";

    public string Build { get; init; } = "";
}
