using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Which packages an image has, by what package managers leave in it.</summary>
public static partial class ImagePackages
{
    /// <summary>Of one database, in bytes: Debian's with ten thousand packages has 10 MB.</summary>
    public const long MaxDatabaseBytes = 256 << 20;

    /// <summary>Of an image that was made of the files a job used: those of the host's packages that own some of them, and what names of files say.</summary>
    /// <param name="owners">The host's packages, as the run's record lists them.</param>
    /// <param name="tree">The image's tree manifest.</param>
    /// <returns>In order of manager, name and version.</returns>
    public static IReadOnlyList<InstalledPackage> OfCaptured(IEnumerable<OwningPackage> owners, IEnumerable<TreeEntry> tree) => InOrder(
    [
        .. owners.Select(package => InstalledPackage.Of(package.Manager, package.Name, package.Version, package.Architecture)),
        .. tree.Where(entry => entry.Type == TreeEntryType.File).SelectMany(entry => OfPath(entry.Path)),
    ]);

    /// <param name="tree">The image's tree manifest.</param>
    /// <param name="open">Opens the content of a regular file of it.</param>
    /// <returns>In order of manager, name and version.</returns>
    public static IReadOnlyList<InstalledPackage> Read(IEnumerable<TreeEntry> tree, Func<TreeEntry, Stream> open)
    {
        var packages = new HashSet<InstalledPackage>();
        foreach (var entry in tree.Where(entry => entry.Type == TreeEntryType.File))
        {
            packages.UnionWith(OfPath(entry.Path));
            packages.UnionWith(OfDatabase(entry, open));
        }

        return InOrder(packages);
    }

    private static IReadOnlyList<InstalledPackage> InOrder(HashSet<InstalledPackage> packages) =>
    [
        .. packages.OrderBy(package => package.Manager, StringComparer.Ordinal)
            .ThenBy(package => package.Name, StringComparer.Ordinal)
            .ThenBy(package => package.Version, StringComparer.Ordinal),
    ];

    /// <summary>Python's and conda's packages say in the name of a file what they are.</summary>
    private static IEnumerable<InstalledPackage> OfPath(string path)
    {
        if (PythonPattern().Match(path) is { Success: true } python)
        {
            yield return new InstalledPackage("pip", python.Groups["name"].Value, python.Groups["version"].Value);
        }
        else if (CondaPattern().Match(path) is { Success: true } conda)
        {
            yield return new InstalledPackage(
                "conda", conda.Groups["name"].Value, $"{conda.Groups["version"].Value}-{conda.Groups["build"].Value}");
        }
    }

    private static IReadOnlyList<InstalledPackage> OfDatabase(TreeEntry entry, Func<TreeEntry, Stream> open)
    {
        bool isDpkg = DpkgPattern().IsMatch(entry.Path);
        if (!isDpkg && entry.Path is not ("lib/apk/db/installed" or "usr/lib/apk/db/installed"))
        {
            return [];
        }

        if (entry.Size > MaxDatabaseBytes)
        {
            throw new ImageException($"package database '{entry.Path}': has {entry.Size} bytes, at most {MaxDatabaseBytes} are read");
        }

        using var text = new StreamReader(open(entry));
        return [.. isDpkg ? PackageDatabase.ReadDpkg(text) : PackageDatabase.ReadApk(text)];
    }

    // PyPA, "Recording installed projects": NAME-VERSION.dist-info, with no hyphen in either; eggs of setuptools add the version of Python.
    [GeneratedRegex(@"(?:\A|/)(?<name>[^/-]+)-(?<version>[^/-]+)(?:-py[^/-]+)?\.(?:dist-info/METADATA|egg-info(?:/PKG-INFO)?)\z")]
    private static partial Regex PythonPattern();

    // conda-build: NAME-VERSION-BUILD, and only a name has hyphens.
    [GeneratedRegex(@"(?:\A|/)conda-meta/(?<name>[^/]+)-(?<version>[^/-]+)-(?<build>[^/-]+)\.json\z")]
    private static partial Regex CondaPattern();

    [GeneratedRegex(@"\Avar/lib/dpkg/(?:status|status\.d/[^/.]+)\z")]
    private static partial Regex DpkgPattern();
}
