using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Which packages an image has, by what package managers leave in it.</summary>
public static class ImagePackages
{
    /// <summary>Of one database, in bytes.</summary>
    public const long MaxDatabaseBytes = PackageFormats.MaxDatabaseBytes;

    /// <summary>Of an image whose record lists them.</summary>
    /// <param name="listed">As the list has them.</param>
    /// <returns>In order of manager, name and version.</returns>
    public static IReadOnlyList<InstalledPackage> OfList(IEnumerable<ImagePackage> listed) => InOrder([.. listed.Select(InstalledPackage.Of)]);

    /// <summary>Of an image that was made of the files a job used: those of the host's packages that own some of them, and what names of files say.</summary>
    /// <param name="owners">The host's packages, as the run's record lists them.</param>
    /// <param name="tree">The image's tree manifest.</param>
    /// <returns>In order of manager, name and version.</returns>
    public static IReadOnlyList<InstalledPackage> OfCaptured(IEnumerable<OwningPackage> owners, IEnumerable<TreeEntry> tree) => InOrder(
    [
        .. owners.Select(package => InstalledPackage.Of(package.Manager, package.Name, package.Version, package.Architecture)),
        .. tree.Where(entry => entry.Type == TreeEntryType.File).Select(entry => PackageFormats.Find(entry.Path)?.OfPath(entry.Path)).OfType<ImagePackage>()
            .Select(InstalledPackage.Of),
    ]);

    /// <summary>Of an image whose record does not list them.</summary>
    /// <param name="tree">The image's tree manifest.</param>
    /// <param name="open">Opens the content of a regular file of it.</param>
    /// <returns>In order of manager, name and version.</returns>
    /// <exception cref="ImageException">A database is broken.</exception>
    public static IReadOnlyList<InstalledPackage> Read(IEnumerable<TreeEntry> tree, Func<TreeEntry, Stream> open)
    {
        var packages = new HashSet<InstalledPackage>();
        foreach (var entry in tree.Where(entry => entry.Type == TreeEntryType.File))
        {
            if (PackageFormats.Find(entry.Path) is { } format)
            {
                packages.UnionWith(Read(entry, format, open).Select(InstalledPackage.Of));
            }
        }

        return InOrder(packages);
    }

    private static IReadOnlyList<InstalledPackage> InOrder(HashSet<InstalledPackage> packages) =>
    [
        .. packages.OrderBy(package => package.Manager, StringComparer.Ordinal)
            .ThenBy(package => package.Name, StringComparer.Ordinal)
            .ThenBy(package => package.Version, StringComparer.Ordinal),
    ];

    /// <summary>What names say of Python's and conda's packages stands without the content.</summary>
    private static IReadOnlyList<ImagePackage> Read(TreeEntry entry, PackageFormat format, Func<TreeEntry, Stream> open)
    {
        long size = entry.Size ?? 0;
        byte[] head = new byte[format.BytesOf(size)];
        if (head.Length > 0)
        {
            using var content = open(entry);
            head = head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            // To the end, where a stream that verifies says whether it was what the manifest names.
            content.CopyTo(Stream.Null);
        }

        var file = PackageFile.Read(format, head, size);
        var found = file.At(entry.Path, format);
        return file.Problem is not null && found.Count == 0
            ? throw new ImageException($"package database '{entry.Path}': {file.Problem}")
            : found;
    }
}
