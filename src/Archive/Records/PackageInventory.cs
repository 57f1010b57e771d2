using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>Which packages an image has, by what package managers leave in it.</summary>
public sealed record PackageInventory
{
    public required int Count { get; init; }

    /// <summary>JSON lines of <see cref="ImagePackage"/>; null when there are none.</summary>
    public Descriptor? Blob { get; init; }

    /// <summary>How many there are of each, in order of the manager's name; those without any are left out.</summary>
    public required IReadOnlyList<PackageCount> Managers { get; init; }

    /// <summary>Files that should tell of packages and could not be read, or not all of them: in order of the path, the first 100.</summary>
    public required IReadOnlyList<UnreadPackageFile> Unread { get; init; }
}
