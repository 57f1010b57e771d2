namespace Provenance.Runtime.Injection;

/// <summary>Finds out which further libraries of the host have to come along with those that are asked for.</summary>
/// <remarks>
/// The image's own are kept wherever they fit. From the host comes what the image has not, and what it has in a version that does
/// not fit a host's library; never a part of the C library.
/// </remarks>
/// <param name="programs">The job's.</param>
/// <param name="opened">Libraries that they are known to open.</param>
/// <param name="image">Where the container's libraries are.</param>
/// <param name="host">Where the host's are.</param>
/// <param name="root">Below which these are; empty for the host's root.</param>
internal sealed class InjectionSolver(
    IReadOnlyList<ElfObject> programs, IReadOnlyList<ElfObject> opened, LibrarySearch image, LibrarySearch host, string root)
{
    /// <summary>Most libraries that come along.</summary>
    private const int MostLibraries = 500;

    private readonly Dictionary<string, HostLibrary> _given = new(StringComparer.Ordinal);
    private readonly Dictionary<ElfObject, string> _unusable = [];

    /// <summary>By each name they answer to.</summary>
    public IReadOnlyDictionary<string, HostLibrary> Given => _given;

    /// <summary>Looks libraries up in the container.</summary>
    public LibrarySearch Image { get; } = image;

    /// <summary>Folders of plug-ins that libraries of the host open, which come along with them.</summary>
    public IReadOnlyList<PlugInFolder> PlugIns { get; private set; } = [];

    /// <summary>Of those the ones that cannot be loaded in this container: they are passed over, as what opens them does.</summary>
    public IReadOnlyDictionary<ElfObject, string> Unusable => _unusable;

    /// <param name="wanted">What is asked for; of two of one name the first counts.</param>
    public LoadSet Solve(IEnumerable<HostLibrary> wanted)
    {
        foreach (var library in wanted)
        {
            Give(library);
        }

        var set = Complete();
        PlugIns = PlugInFolder.Find([.. _given.Values.Distinct()], root);
        if (PlugIns.Count == 0)
        {
            return set;
        }

        // Each may bring further libraries along, and one that does not fit must not stop the others: those are found first, then left out.
        var without = _given.ToArray();
        GivePlugIns();
        PlugInCheck.Find(Complete(), PlugIns, _unusable);
        _given.Clear();
        foreach (var (name, library) in without)
        {
            _given.Add(name, library);
        }

        GivePlugIns();
        return Complete();
    }

    private void GivePlugIns()
    {
        foreach (var folder in PlugIns)
        {
            foreach (var file in folder.Files.Where(file => !_unusable.ContainsKey(file)))
            {
                Give(new HostLibrary { Object = file, Reason = folder.Reason, Names = [file.HostPath], IsPlugIn = true });
            }
        }
    }

    private LoadSet Complete()
    {
        while (true)
        {
            var set = LoadSet.Of(programs, opened, Image, _given);
            if (_given.Count > MostLibraries || FindFurther(set) is not { } further)
            {
                return set;
            }

            Give(further);
        }
    }

    private void Give(HostLibrary library)
    {
        foreach (string name in library.Names)
        {
            _given.TryAdd(name, library);
        }
    }

    private HostLibrary? FindFurther(LoadSet set)
    {
        foreach (var (by, name) in set.Missing.Where(missing => missing.By.IsFromHost))
        {
            if (Take(name, by) is { } further)
            {
                return further;
            }
        }

        foreach (var (by, name, found) in set.Links.Where(link => link.By.IsFromHost && !link.Found.IsFromHost))
        {
            if (!Fits(by, name, found, set) && Take(name, by) is { } further && IsBetter(by, name, found, further.Object, set))
            {
                return further;
            }
        }

        return null;
    }

    private HostLibrary? Take(string name, ElfObject by)
    {
        if (GlibcFiles.IsPart(Path.GetFileName(name)) || _given.ContainsKey(name) || host.Find(name, by) is not { } found)
        {
            return null;
        }

        return new HostLibrary { Object = found, Reason = "closure", Names = [.. new[] { name, found.Name }.Distinct()] };
    }

    private static bool Fits(ElfObject by, string name, ElfObject found, LoadSet set) =>
        Lacking(by, name, found).Length == 0 && LackingSymbols(by, found, set).Length == 0;

    /// <summary>Whether the host's copy has something that the image's lacks: else nothing is won by it.</summary>
    private static bool IsBetter(ElfObject by, string name, ElfObject image, ElfObject host, LoadSet set) =>
        Lacking(by, name, host).Length < Lacking(by, name, image).Length
        || LackingSymbols(by, image, set).Any(host.Exports.Contains);

    /// <summary>Versions that one object needs of a library and that the library does not define. One without any is not asked.</summary>
    public static string[] Lacking(ElfObject by, string name, ElfObject found) => found.File.VersionsDefined.Count == 0
        ? []
        : [.. by.File.VersionsNeeded.Where(need => need.Library == name).Select(need => need.Version).Distinct()
            .Except(found.File.VersionsDefined, StringComparer.Ordinal)];

    private static string[] LackingSymbols(ElfObject by, ElfObject image, LoadSet set) => GlibcFiles.IsPart(image.Name)
        ? []
        : [.. by.Imports.Where(symbol => !set.Objects.Any(other => other.Exports.Contains(symbol)))];
}
