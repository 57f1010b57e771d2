using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Gathers an image's packages while its layers are read: what of the files that tell of them is in the image in the end is known only then.</summary>
internal sealed class PackageCollector
{
    /// <summary>Files of package managers that are read. A large environment of conda has a thousand.</summary>
    private const int MaxFiles = 100_000;

    /// <summary>Of an image.</summary>
    private const int MaxPackages = 500_000;

    /// <summary>Of all files that were read, also of those that a later layer replaced: they are in memory until the end.</summary>
    private const int MaxParsed = 2 * MaxPackages;

    private const int MaxUnread = 100;

    private static readonly string[] OfHost = ["apk", "dpkg", "rpm"];

    private readonly Dictionary<(PackageFormat Format, string Sha256), PackageFile> _files = [];
    private readonly HashSet<ImagePackage> _packages = [];
    private readonly HashSet<(string Name, string Version, string? Build)> _indexed = [];
    private readonly SortedDictionary<string, string> _unread = new(StringComparer.Ordinal);
    private int _parsed;

    /// <summary>
    /// The host's packages that own files of a captured image: what databases of the host are among these says nothing of the image. Null of any other.
    /// </summary>
    public IReadOnlyList<OwningPackage>? Owners { get; init; }

    /// <summary>What of a file that is read next must be kept for <see cref="Read"/>; null for a file that tells nothing.</summary>
    /// <param name="place">Where it really is.</param>
    public PackageFormat? Find(TreePath place) =>
        PackageFormats.Find(place.ToString()) is { } format && IsWanted(format) && _files.Count < MaxFiles ? format : null;

    /// <param name="format">As found.</param>
    /// <param name="sha256">Of all of the content.</param>
    /// <param name="content">As much of it as the format asks for.</param>
    /// <param name="size">Of all of it.</param>
    public void Read(PackageFormat format, byte[] sha256, ReadOnlyMemory<byte> content, long size)
    {
        var file = _parsed > MaxParsed
            ? new PackageFile([], $"was not read: files before it have more than {MaxParsed} packages")
            : PackageFile.Read(format, content, size);
        _parsed += file.Packages.Count;
        _files[(format, Digest.FromHash(sha256).Hex)] = file;
    }

    /// <summary>An entry of the image as it is in the end.</summary>
    public void Add(TreeEntry entry)
    {
        if (entry.Type != TreeEntryType.File || PackageFormats.Find(entry.Path) is not { } format || !IsWanted(format))
        {
            return;
        }

        // Another name of a file that was not known to tell of packages when it was read.
        var file = _files.GetValueOrDefault((format, entry.Sha256!)) ?? new PackageFile([], "was not read: it came under another name, or after too many");
        if (file.Problem is not null)
        {
            Tell(entry.Path, file.Problem);
        }

        foreach (var package in file.At(entry.Path, format))
        {
            if (_packages.Count == MaxPackages)
            {
                Tell(entry.Path, $"was not read to its end: the image has more than {MaxPackages} packages");
                return;
            }

            _packages.Add(package);
            if (package.Manager == "spack" && entry.Path.EndsWith("/index.json", StringComparison.Ordinal))
            {
                _indexed.Add((package.Name, package.Version, package.Build));
            }
        }
    }

    /// <summary>The list, whole: one canonical line for each package, in order of manager, name, version and line.</summary>
    public byte[] List() => [.. Sorted().SelectMany(one => one.Line)];

    /// <param name="list">Null when it is empty.</param>
    public PackageInventory Inventory(Descriptor? list)
    {
        var sorted = Sorted();
        return new PackageInventory
        {
            Count = sorted.Count,
            Blob = list,
            Managers =
            [
                .. sorted.GroupBy(one => one.Package.Manager, StringComparer.Ordinal)
                    .Select(group => new PackageCount { Manager = group.Key, Count = group.Count() }),
            ],
            Unread = [.. _unread.Select(one => new UnreadPackageFile { Path = one.Key, Reason = one.Value })],
        };
    }

    private List<(ImagePackage Package, byte[] Line)> Sorted()
    {
        var all = _packages.Where(package => !IsOfIndex(package)).Concat((Owners ?? []).Select(ImagePackage.Of)).Distinct();
        return
        [
            .. all.Select(package => (Package: package, Line: RecordLines.Serialize(package)))
                .OrderBy(one => one.Package.Manager, StringComparer.Ordinal)
                .ThenBy(one => one.Package.Name, StringComparer.Ordinal)
                .ThenBy(one => one.Package.Version, StringComparer.Ordinal)
                .ThenBy(one => Encoding.UTF8.GetString(one.Line), StringComparer.Ordinal),
        ];
    }

    /// <summary>Spack says of each package twice what it is: the index of its tree is enough.</summary>
    private bool IsOfIndex(ImagePackage package) => package is { Manager: "spack", Path: { } path }
        && path.EndsWith("/spec.json", StringComparison.Ordinal)
        && _indexed.Contains((package.Name, package.Version, package.Build));

    /// <summary>Entries come in order of their paths.</summary>
    private void Tell(string path, string reason)
    {
        if (_unread.Count < MaxUnread)
        {
            _unread.TryAdd(path, reason);
        }
    }

    private bool IsWanted(PackageFormat format) => Owners is null || !OfHost.Contains(format.Manager);
}
