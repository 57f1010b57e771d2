using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>Looks libraries up as the dynamic linker does, in the container or on the host.</summary>
/// <remarks>
/// Source: ld.so(8): DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH, /etc/ld.so.cache, default folders; of each folder the
/// <c>glibc-hwcaps</c> below it come first. A file of another architecture is passed over.
/// </remarks>
/// <param name="locate">The file on the host that stands at a path; null for none.</param>
/// <param name="cache">Of the same root.</param>
/// <param name="libraryPath">Folders of LD_LIBRARY_PATH.</param>
/// <param name="isHost">Whether what is found is the host's.</param>
internal sealed class LibrarySearch(Func<string, string?> locate, LoaderCache cache, IReadOnlyList<string> libraryPath, bool isHost)
{
    /// <summary>Most folders of one DT_RUNPATH that are looked at.</summary>
    private const int MostFolders = 64;

    private static readonly string[] Variants = ["glibc-hwcaps/x86-64-v4/", "glibc-hwcaps/x86-64-v3/", "glibc-hwcaps/x86-64-v2/", ""];

    private readonly Dictionary<string, ElfObject?> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ElfObject?> _files = new(StringComparer.Ordinal);

    /// <summary>The one that the dynamic linker would take; null for none.</summary>
    /// <param name="name">As DT_NEEDED has it.</param>
    /// <param name="by">Who asks.</param>
    public ElfObject? Find(string name, ElfObject by) => FindAll(name, by).FirstOrDefault();

    /// <summary>Every copy that it could take, the first first; a file counts once.</summary>
    public IEnumerable<ElfObject> FindAll(string name, ElfObject by) =>
        Candidates(name, by).Select(Read).OfType<ElfObject>().Where(found => found.IsLike(by.File)).DistinctBy(found => found.HostPath);

    /// <summary>What stands at a path; null when it is no ELF file.</summary>
    public ElfObject? Read(string path)
    {
        if (!_read.TryGetValue(path, out var found))
        {
            found = locate(path) is { } file ? ReadFile(path, file) : null;
            _read.Add(path, found);
        }

        return found;
    }

    /// <summary>One file under several names is one object.</summary>
    private ElfObject? ReadFile(string path, string file)
    {
        if (!_files.TryGetValue(file, out var found))
        {
            _files.Add(file, found = ElfObject.TryRead(path, file, isHost));
        }

        return found;
    }

    private IEnumerable<string> Candidates(string name, ElfObject by)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return [name];
        }

        // DT_RPATH counts only where there is no DT_RUNPATH.
        var rpath = by.File.Runpath is null ? Folders(by.File.Rpath, by) : [];
        return
        [
            .. InFolders([.. rpath, .. libraryPath, .. Folders(by.File.Runpath, by)], name),
            .. cache.Find(name),
            .. InFolders(DefaultFolders(by.File), name),
        ];
    }

    private static IEnumerable<string> InFolders(IEnumerable<string> folders, string name) =>
        from folder in folders
        where folder.StartsWith('/')
        from variant in Variants
        select $"{folder.TrimEnd('/')}/{variant}{name}";

    /// <summary>ld.so(8), "Dynamic string tokens". $PLATFORM is passed over.</summary>
    private static IEnumerable<string> Folders(string? path, ElfObject by)
    {
        string origin = Path.GetDirectoryName(by.Path) ?? "/";
        return (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Take(MostFolders)
            .Select(folder => folder.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal))
            .SelectMany(folder => WithLib(folder, by.File))
            .Where(folder => !folder.Contains('$', StringComparison.Ordinal))
            .Select(Path.GetFullPath);
    }

    private static IEnumerable<string> WithLib(string folder, ElfFile file)
    {
        folder = folder.Replace("${LIB}", "$LIB", StringComparison.Ordinal);
        return folder.Contains("$LIB", StringComparison.Ordinal)
            ? ((string[])["lib64", $"lib/{Triplet(file)}", "lib"]).Select(lib => folder.Replace("$LIB", lib, StringComparison.Ordinal))
            : [folder];
    }

    /// <summary>Those of Debian, of the Red Hat family, and of musl.</summary>
    internal static IReadOnlyList<string> DefaultFolders(ElfFile file) =>
        [$"/lib/{Triplet(file)}", $"/usr/lib/{Triplet(file)}", "/lib64", "/usr/lib64", "/lib", "/usr/local/lib", "/usr/lib"];

    private static string Triplet(ElfFile file) => file.Architecture switch
    {
        "amd64" => "x86_64-linux-gnu",
        "arm64" => "aarch64-linux-gnu",
        "386" => "i386-linux-gnu",
        "arm" => "arm-linux-gnueabihf",
        "ppc64le" => "powerpc64le-linux-gnu",
        "riscv64" => "riscv64-linux-gnu",
        "s390x" => "s390x-linux-gnu",
        var other => other,
    };
}
