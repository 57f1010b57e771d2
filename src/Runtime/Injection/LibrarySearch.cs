using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>Looks libraries up as the dynamic linker does, in the container or on the host.</summary>
/// <remarks>
/// Source: ld.so(8). A file of another architecture is passed over.
/// </remarks>
/// <param name="locate">The file on the host that stands at a path; null for none.</param>
/// <param name="cache">Of the same root.</param>
/// <param name="libraryPath">Folders of LD_LIBRARY_PATH.</param>
/// <param name="isHost">Whether what is found is the host's.</param>
internal sealed class LibrarySearch(Func<string, string?> locate, LoaderCache cache, IReadOnlyList<string> libraryPath, bool isHost)
{
    private readonly LibraryPlaces _places = new(cache, libraryPath);
    private readonly Dictionary<string, ElfObject?> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ElfObject?> _files = new(StringComparer.Ordinal);

    /// <summary>The one that the dynamic linker would take; null for none.</summary>
    /// <param name="name">As DT_NEEDED has it.</param>
    /// <param name="by">Who asks.</param>
    public ElfObject? Find(string name, ElfObject by) => FindAll(name, by).FirstOrDefault();

    /// <summary>Every copy that it could take, the first first; a file counts once.</summary>
    public IEnumerable<ElfObject> FindAll(string name, ElfObject by) =>
        _places.Find(name, by.Path, by.File, withVariants: true)
            .Select(Read).OfType<ElfObject>().Where(found => found.IsLike(by.File)).DistinctBy(found => found.HostPath);

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
}
