using Provenance.Archive.Records;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Capturing;

/// <summary>dpkg's: <c>info/NAME[:ARCH].list</c> has a package's files, one a line; <c>status</c> has the versions (deb822(5)).</summary>
/// <remarks>
/// Packages still name files below /bin and /lib where a system has merged these into /usr: such a name is taken for the file it leads
/// to. A diverted file (dpkg-divert(1)) counts as the package's that names it.
/// </remarks>
/// <param name="folder"><c>/var/lib/dpkg</c>.</param>
/// <param name="realFolder">Where a folder at the top of the root leads: <c>/lib</c> to <c>/usr/lib</c>, or to itself.</param>
internal sealed class DpkgDatabase(string folder, Func<string, string> realFolder) : IPackageDatabase
{
    private const string ListEnding = ".list";

    private readonly Dictionary<string, string> _tops = new(StringComparer.Ordinal);

    public OwnedFiles FindOwners(IReadOnlySet<string> paths, bool withFiles)
    {
        var owners = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        var heap = new HeapBound();
        foreach (string list in Directory.EnumerateFiles(Path.Combine(folder, "info"), "*" + ListEnding))
        {
            if (!File.ReadLines(list).Any(IsWanted))
            {
                continue;
            }

            owners.Add(Path.GetFileName(list)[..^ListEnding.Length]);
            files.AddRange(withFiles ? File.ReadLines(list).Where(line => line.StartsWith('/')) : []);
        }

        return new OwnedFiles(owners.Count == 0 ? [] : PackagesOf(owners), files);

        bool IsWanted(string line)
        {
            heap.Keep();
            return paths.Contains(Real(line));
        }
    }

    /// <summary>Only packages that may be installed in several architectures have theirs in the name of the list.</summary>
    private OwningPackage[] PackagesOf(HashSet<string> owners) =>
    [
        .. ReadStatus()
            .Where(package => owners.Contains($"{package.Name}:{package.Architecture}") || owners.Contains(package.Name))
            .OrderBy(package => package.Name, StringComparer.Ordinal)
            .ThenBy(package => package.Architecture, StringComparer.Ordinal),
    ];

    private IEnumerable<OwningPackage> ReadStatus()
    {
        string? name = null, version = null, architecture = null;
        foreach (string line in File.ReadLines(Path.Combine(folder, "status")).Append(""))
        {
            if (line.Length == 0)
            {
                if (name is not null && version is not null && architecture is not null)
                {
                    yield return new OwningPackage { Name = name, Version = version, Architecture = architecture, Manager = "dpkg" };
                }

                name = version = architecture = null;
            }

            name = Field(line, "Package: ") ?? name;
            version = Field(line, "Version: ") ?? version;
            architecture = Field(line, "Architecture: ") ?? architecture;
        }
    }

    private static string? Field(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..].Trim() : null;

    private string Real(string path)
    {
        int slash = path.Length > 1 ? path.IndexOf('/', 1) : -1;
        if (slash < 0)
        {
            return path;
        }

        string top = path[..slash];
        if (!_tops.TryGetValue(top, out string? real))
        {
            _tops[top] = real = realFolder(top);
        }

        return real == top ? path : real + path[slash..];
    }
}
