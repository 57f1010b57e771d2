using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>What this host has in place of the files that a run was given by its host.</summary>
internal static class InjectedHere
{
    /// <param name="run">As recorded.</param>
    /// <param name="environment">The caller's own: it may tell where the MPI is.</param>
    public static IReadOnlyList<InjectedFile> Find(RunRecord run, IReadOnlyList<EnvironmentEntry> environment)
    {
        var cache = LoaderCache.Read("/etc/ld.so.cache");
        var folders = HostMpi.Folders(environment);
        var found = new List<InjectedFile>();
        foreach (var then in run.Injected)
        {
            if (PathOf(then, cache, folders) is { } path && TryProbe(path, then) is { } here)
            {
                found.Add(here);
            }
        }

        return found;
    }

    /// <summary>Null for what cannot be read: then it cannot be put in either.</summary>
    private static InjectedFile? TryProbe(string path, InjectedFile then)
    {
        try
        {
            var here = InjectedFileProbe.Read(path, then.ContainerPath, then.Reason);
            return then.SymbolsUsed is not { } used ? here : here with { SymbolsUsed = [.. used.Where(ExportsOf(path).Contains)] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static HashSet<string> ExportsOf(string path)
    {
        try
        {
            return ElfFile.ReadSymbols(path).Where(symbol => symbol.IsDefined).Select(symbol => symbol.Name).ToHashSet(StringComparer.Ordinal);
        }
        catch (ElfFormatException)
        {
            return [];
        }
    }

    /// <summary>What was named by the user is looked for under that name; a driver's or an MPI's library by what it is called.</summary>
    private static string? PathOf(InjectedFile then, LoaderCache cache, IReadOnlyList<string> folders)
    {
        bool isNamed = then.Reason is "bind" or "inject" or "device";
        if (isNamed && File.Exists(then.HostPath))
        {
            return then.HostPath;
        }

        string[] names = then.Soname is not { } soname
            ? []
            : [soname, .. then.Reason == "mpi" ? MpiFamily.All.SelectMany(family => family.NamesFor(soname)) : []];
        bool isSought = then.Reason is not "bind";
        string? found = isSought ? names.SelectMany(name => Candidates(name, then, cache, folders)).FirstOrDefault(IsLibrary) : null;
        return found ?? (File.Exists(then.HostPath) ? then.HostPath : null);
    }

    private static IEnumerable<string> Candidates(string name, InjectedFile then, LoaderCache cache, IReadOnlyList<string> folders) =>
    [
        .. then.Reason is "mpi" or "closure" ? folders.Select(folder => Path.Combine(folder, name)) : [],
        .. cache.Find(name),
        Path.Combine(Path.GetDirectoryName(then.HostPath) ?? "/", name),
    ];

    private static bool IsLibrary(string path)
    {
        try
        {
            return File.Exists(path) && ElfFile.Read(path).Architecture == OwnArchitecture;
        }
        catch (Exception e) when (e is ElfFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string OwnArchitecture =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
}
