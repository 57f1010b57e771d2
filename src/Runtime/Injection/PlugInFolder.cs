namespace Provenance.Runtime.Injection;

/// <summary>A folder of the host from which a library that is put in loads parts of itself by dlopen(3).</summary>
/// <remarks>
/// Sources: Open MPI and OpenPMIx, MCA base, component path; UCX, ucs/sys/module.c: modules lie in ucx/ beside libucs, or in UCX_MODULE_DIR;
/// fi_provider(7): FI_PROVIDER_PATH. It is shown at the path that it has on the host, which is compiled into the first two, and named in the variable to the
/// others. Those of hwloc (graphics, OpenCL) stay away: what an MPI asks it for is built in, and they would bring X11 along.
/// </remarks>
/// <param name="HostPath">Where it is on the host.</param>
/// <param name="Path">In the container: the path that it has below the host's root.</param>
/// <param name="Variable">That tells the library of it; null where none has to.</param>
/// <param name="Reason">Why the library is put in.</param>
/// <param name="By">The library.</param>
/// <param name="Files">What is in it.</param>
internal sealed record PlugInFolder(
    string HostPath, string Path, string? Variable, string Reason, ElfObject By, IReadOnlyList<ElfObject> Files)
{
    /// <summary>Most plug-ins of one folder. Open MPI 4 has 120.</summary>
    private const int MostFiles = 500;

    private static readonly (string Library, string[] Folders, string? Variable)[] Known =
    [
        ("libopen-pal.so", ["openmpi", "openmpi/lib/openmpi3", "openmpi3"], null),
        ("libpmix.so", ["pmix", "pmix2/lib/pmix"], null),
        ("libucs.so", ["ucx"], "UCX_MODULE_DIR"),
        ("libfabric.so", ["libfabric"], "FI_PROVIDER_PATH"),
    ];

    /// <summary>Messages and settings, without which a library cannot say what is wrong.</summary>
    private static readonly (string Library, string Folder)[] Texts = [("libopen-pal.so", "share/openmpi")];

    /// <summary>Of libraries of the host that will be in a container.</summary>
    /// <param name="given">Of them, those that are put in.</param>
    /// <param name="root">Below which the host's files are; empty for the host's root.</param>
    public static IReadOnlyList<PlugInFolder> Find(IReadOnlyList<HostLibrary> given, string root)
    {
        var found =
            from library in given
            where !library.IsPlugIn && !library.IsOptional
            from known in Known
            where library.Object.Name.StartsWith(known.Library, StringComparison.Ordinal)
            from folder in known.Folders
            let path = $"{System.IO.Path.GetDirectoryName(library.Object.HostPath)}/{folder}"
            where Directory.Exists(path)
            let files = FilesOf(path)
            where files.Length > 0
            select new PlugInFolder(path, path[root.Length..], known.Variable, library.Reason, library.Object, files);
        var texts =
            from library in given
            from known in Texts
            where library.Object.Name.StartsWith(known.Library, StringComparison.Ordinal)
            let at = library.Object.HostPath.IndexOf("/lib", root.Length, StringComparison.Ordinal)
            where at >= 0
            let path = $"{library.Object.HostPath[..at]}/{known.Folder}"
            where Directory.Exists(path)
            select new PlugInFolder(path, path[root.Length..], null, library.Reason, library.Object, []);
        return [.. found.Concat(texts).DistinctBy(folder => folder.Path)];
    }

    private static ElfObject[] FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.so*").Order(StringComparer.Ordinal).Take(MostFiles)
            .Select(path => ElfObject.TryRead(path, File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path, isFromHost: true))
            .OfType<ElfObject>().DistinctBy(file => file.HostPath),
    ];
}
