using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>What the dynamic linker would load for programs: themselves, and what they need, from the host where that was put in.</summary>
internal sealed class LoadSet
{
    /// <summary>Most objects of one job. A desktop program loads 200.</summary>
    private const int MostObjects = 5000;

    private readonly List<ElfObject> _objects = [];
    private readonly Dictionary<string, ElfObject> _byName = new(StringComparer.Ordinal);
    private readonly List<(ElfObject By, string Name)> _missing = [];
    private readonly List<(ElfObject By, string Name, ElfObject Found)> _links = [];

    private LoadSet()
    {
    }

    /// <summary>Programs first, then libraries in the order they are loaded.</summary>
    public IReadOnlyList<ElfObject> Objects => _objects;

    /// <summary>What was asked for and is nowhere.</summary>
    public IReadOnlyList<(ElfObject By, string Name)> Missing => _missing;

    /// <summary>Who asks for what, and gets it from where.</summary>
    public IReadOnlyList<(ElfObject By, string Name, ElfObject Found)> Links => _links;

    /// <summary>The object that answers to a name; null when nothing loaded does.</summary>
    public ElfObject? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <param name="programs">Of the image, or of a bound folder.</param>
    /// <param name="opened">Libraries of theirs that the programs will open while they run, as far as that is known.</param>
    /// <param name="image">Where the container's libraries are looked up.</param>
    /// <param name="given">The host's, which go before those of the image, by each name they answer to.</param>
    public static LoadSet Of(
        IReadOnlyList<ElfObject> programs, IReadOnlyList<ElfObject> opened, LibrarySearch image, IReadOnlyDictionary<string, HostLibrary> given)
    {
        var set = new LoadSet();
        var pending = new Queue<ElfObject>(programs.Concat(opened));
        foreach (var library in given.Values.Where(library => !library.IsOptional))
        {
            pending.Enqueue(library.Object);
        }

        var seen = new HashSet<ElfObject>();
        while (pending.TryDequeue(out var at) && set._objects.Count < MostObjects)
        {
            if (!seen.Add(at))
            {
                continue;
            }

            set._objects.Add(at);
            set._byName.TryAdd(at.Name, at);
            foreach (string name in NamesAskedBy(at))
            {
                if (set.Look(name, at, programs, image, given) is { } found)
                {
                    set._byName.TryAdd(name, found);
                    set._links.Add((at, name, found));
                    pending.Enqueue(found);
                }
                else
                {
                    set._missing.Add((at, name));
                }
            }

            // What it says that it may open is taken where it is there; whatever it does without it is its own affair.
            foreach (string name in at.File.MayOpen)
            {
                if (set.Look(name, at, programs, image, given) is { } found)
                {
                    set._byName.TryAdd(name, found);
                    set._links.Add((at, name, found));
                    pending.Enqueue(found);
                }
            }
        }

        return set;
    }

    /// <summary>The dynamic linker itself has symbols and versions that others take.</summary>
    private static IEnumerable<string> NamesAskedBy(ElfObject at) =>
        at.File.Interpreter is { Length: > 0 } interpreter ? at.File.Needed.Append(interpreter).Distinct() : at.File.Needed.Distinct();

    private ElfObject? Look(
        string name, ElfObject by, IReadOnlyList<ElfObject> programs, LibrarySearch image, IReadOnlyDictionary<string, HostLibrary> given)
    {
        if (given.TryGetValue(name, out var library) && library.Object.IsLike(by.File))
        {
            return library.Object;
        }

        if (_byName.TryGetValue(name, out var loaded) && loaded.IsLike(by.File))
        {
            return loaded;
        }

        // A host's library has no place in the container yet, so its own RUNPATH does not count there: the programs' does.
        return by.IsFromHost && programs.Count > 0
            ? programs.Select(program => image.Find(name, program)).FirstOrDefault(found => found is not null && found.IsLike(by.File))
            : image.Find(name, by);
    }

    /// <summary>What a library was taken from the image for, were nothing put in.</summary>
    public static IEnumerable<ElfObject> Copies(LoadSet before, LibrarySearch image, string name) =>
        before.Objects.Where(by => !by.IsFromHost).SelectMany(by => image.FindAll(name, by)).DistinctBy(found => found.HostPath);

    /// <summary>Whether a C library of this kind is the programs' own.</summary>
    public static bool UsesMusl(ElfFile program) => program.Interpreter?.Contains("ld-musl", StringComparison.Ordinal) == true;
}
