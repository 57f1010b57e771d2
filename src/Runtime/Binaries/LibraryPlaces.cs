namespace Provenance.Runtime.Binaries;

/// <summary>Where the dynamic linker looks for a library that a file asks for.</summary>
/// <remarks>
/// Source: ld.so(8): DT_RPATH, LD_LIBRARY_PATH, DT_RUNPATH, /etc/ld.so.cache, default folders; of each folder the
/// <c>glibc-hwcaps</c> below it come first.
/// </remarks>
/// <param name="cache">Of the root in which it looks.</param>
/// <param name="libraryPath">Folders of LD_LIBRARY_PATH.</param>
internal sealed class LibraryPlaces(LoaderCache cache, IReadOnlyList<string> libraryPath)
{
    /// <summary>Most folders of one DT_RUNPATH that are looked at.</summary>
    private const int MostFolders = 64;

    private static readonly string[] Variants = ["glibc-hwcaps/x86-64-v4/", "glibc-hwcaps/x86-64-v3/", "glibc-hwcaps/x86-64-v2/", ""];

    /// <summary>Paths, in the order in which they are tried.</summary>
    /// <param name="name">As DT_NEEDED has it.</param>
    /// <param name="path">Of the file that asks.</param>
    /// <param name="file">That one.</param>
    /// <param name="withVariants">Those for some processors too.</param>
    internal IEnumerable<string> Find(string name, string path, ElfFile file, bool withVariants)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return [name];
        }

        // DT_RPATH counts only where there is no DT_RUNPATH.
        var rpath = file.Runpath is null ? Folders(file.Rpath, path, file) : [];
        var environment = libraryPath.SelectMany(folder => Expand(folder, path, file));
        return
        [
            .. InFolders([.. rpath, .. environment, .. Folders(file.Runpath, path, file)], name, withVariants),
            .. cache.Find(name).Where(cached => withVariants || !IsVariant(cached)),
            .. InFolders(DefaultFolders(file), name, withVariants),
        ];
    }

    /// <summary>Whether a library is for some processors only.</summary>
    internal static bool IsVariant(string path) => path.Contains("/glibc-hwcaps/", StringComparison.Ordinal);

    /// <summary>Whether a path is that of a shared library, by its name.</summary>
    internal static bool IsLibraryName(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);
    }

    private static IEnumerable<string> InFolders(IEnumerable<string> folders, string name, bool withVariants) =>
        from folder in folders
        where folder.StartsWith('/')
        from variant in withVariants ? Variants : [""]
        select $"{folder.TrimEnd('/')}/{variant}{name}";

    private static IEnumerable<string> Folders(string? list, string path, ElfFile file) =>
        (list ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Take(MostFolders)
            .SelectMany(folder => Expand(folder, path, file))
            .Select(Path.GetFullPath);

    /// <summary>ld.so(8), "Dynamic string tokens". $PLATFORM is passed over.</summary>
    private static IEnumerable<string> Expand(string folder, string path, ElfFile file)
    {
        string origin = Path.GetDirectoryName(path) ?? "/";
        folder = folder
            .Replace("${ORIGIN}", origin, StringComparison.Ordinal)
            .Replace("$ORIGIN", origin, StringComparison.Ordinal)
            .Replace("${LIB}", "$LIB", StringComparison.Ordinal);
        string[] folders = folder.Contains("$LIB", StringComparison.Ordinal)
            ? [.. ((string[])["lib64", $"lib/{Triplet(file)}", "lib"]).Select(lib => folder.Replace("$LIB", lib, StringComparison.Ordinal))]
            : [folder];
        return folders.Where(expanded => !expanded.Contains('$', StringComparison.Ordinal));
    }

    /// <summary>Those of Debian, of the Red Hat family, and of musl.</summary>
    private static string[] DefaultFolders(ElfFile file) =>
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
