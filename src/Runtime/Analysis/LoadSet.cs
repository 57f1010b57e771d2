using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>What the dynamic linker would load for a job's programs, with the variants that it may take, and what the job opened besides.</summary>
/// <remarks>
/// Source: ld.so(8). A file of another machine than the first program's is passed over. Beside each library of x86-64, glibc-hwcaps/x86-64-v2
/// to v4; glibc has no such folders for arm64 (sysdeps/aarch64/dl-hwcap).
/// </remarks>
internal sealed class LoadSet
{
    /// <summary>Most programs and libraries of one job. A large one (ROOT, PyTorch) has 500.</summary>
    private const int MostObjects = 4000;

    /// <summary>Places at which files are looked for. A large job has some ten thousand; an image made for it could ask for any number.</summary>
    private const int MostLookups = 200_000;

    private static readonly string[] Levels = ["v4", "v3", "v2"];

    private readonly ContainerFiles _files;
    private readonly LibraryPlaces _places;
    private readonly Dictionary<string, LoadedObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unread = new(StringComparer.Ordinal);
    private readonly Queue<LoadedObject> _pending = [];
    private int? _machine;
    private int _lookups;

    /// <param name="files">Of the container.</param>
    /// <param name="libraryPath">LD_LIBRARY_PATH as the job has it; null for none.</param>
    /// <param name="architecture">Whose programs count, as <see cref="Knows"/>; null for that of the first.</param>
    internal LoadSet(ContainerFiles files, string? libraryPath, string? architecture = null)
    {
        _files = files;
        _machine = architecture switch { "amd64" => ElfMachines.Amd64, "arm64" => ElfMachines.Arm64, _ => null };
        var cache = files.Resolve("/etc/ld.so.cache") is { } path ? LoaderCache.Read(files.HostPath(path)) : LoaderCache.Empty;
        _places = new LibraryPlaces(cache, (libraryPath ?? "").Split([':', ';'], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Whether nobody saw what was loaded: the set is of what would be.</summary>
    internal bool IsExpected { get; init; }

    /// <summary>Whether code of an architecture, as OCI names it, can be analysed.</summary>
    internal static bool Knows(string architecture) => architecture is "amd64" or "arm64";

    /// <summary>As OCI names it; null while there is no program.</summary>
    internal string? Architecture => _machine switch { null => null, ElfMachines.Arm64 => "arm64", _ => "amd64" };

    /// <summary>In order of the path.</summary>
    internal IReadOnlyList<LoadedObject> Objects => [.. _objects.Values.OrderBy(o => o.Path, StringComparer.Ordinal)];

    /// <summary>What is missing or cannot be read, in order.</summary>
    internal IReadOnlyList<UnreadBinary> Unread =>
        [.. _unread.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => new UnreadBinary { Path = u.Key, Reason = u.Value })];

    /// <summary>A program with everything that the dynamic linker loads for it. What is for neither x86-64 nor arm64 is passed over.</summary>
    internal void AddProgram(string path)
    {
        if (_files.Resolve(path) is null)
        {
            _unread.TryAdd(path, "is not there any more");
        }

        Add(path, o => o with { IsProgram = true });
        AddNeeded();
    }

    /// <summary>A library that the job opened, with what it needs; nothing where it is in the set already.</summary>
    internal void AddOpened(string path)
    {
        // Variants are looked for beside the library itself.
        if (!LibraryPlaces.IsVariant(path))
        {
            Add(path, o => o with { IsOpened = true });
            AddNeeded();
        }
    }

    private void AddNeeded()
    {
        while (_pending.TryDequeue(out var asking))
        {
            // The C library can be started too, and names a dynamic linker for that alone.
            if (asking is { IsProgram: true, Elf.Interpreter: { } interpreter })
            {
                AddLoader(interpreter);
            }

            foreach (string name in asking.Elf.Needed)
            {
                if (_lookups > MostLookups)
                {
                    _unread.TryAdd(asking.Path, "asks for libraries that were not looked for: there are too many places");
                    break;
                }

                if (!AddLibrary(name, asking))
                {
                    _unread.TryAdd(name, $"not found; '{asking.Path}' asks for it");
                }
            }
        }
    }

    private void AddLoader(string path)
    {
        Add(path, o => o);
        if (_files.Resolve(path) is { } resolved && _objects.TryGetValue(resolved, out var loader))
        {
            _objects[resolved] = loader with { IsLoader = true };
        }
    }

    private bool AddLibrary(string name, LoadedObject asking)
    {
        // The C library asks for the dynamic linker by name, and gets the one that is at work.
        if (_objects.Values.Any(o => o.IsLoader && o.Elf.Soname == name))
        {
            return true;
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Add(name, o => o);
        }

        foreach (string candidate in _places.Find(name, asking.Path, asking.Elf, withVariants: false))
        {
            if (Add(candidate, o => o))
            {
                NoteNeeded(candidate);
                AddVariants(name, candidate);
                return true;
            }
        }

        return false;
    }

    /// <summary>What another file asks for by name is opened by the dynamic linker, and not for names to be looked up in it.</summary>
    private void NoteNeeded(string candidate)
    {
        if (_files.Resolve(candidate) is { } resolved && _objects.TryGetValue(resolved, out var found) && found.IsOpened)
        {
            _objects[resolved] = found with { IsOpened = false };
        }
    }

    private void AddVariants(string name, string beside)
    {
        string folder = beside[..beside.LastIndexOf('/')];
        foreach (string level in _machine == ElfMachines.Amd64 ? Levels : [])
        {
            Add($"{folder}/glibc-hwcaps/x86-64-{level}/{name}", o => o with { VariantLevel = level });
        }
    }

    /// <returns>False when there is no such file, or none that can be loaded.</returns>
    private bool Add(string path, Func<LoadedObject, LoadedObject> describe)
    {
        if (++_lookups > MostLookups || _files.Resolve(path) is not { } resolved)
        {
            return false;
        }

        if (_objects.ContainsKey(resolved))
        {
            return true;
        }

        if (_objects.Count >= MostObjects || Read(resolved) is not { Bits: 64, LittleEndian: true } elf || !IsOfMachine(elf.Machine))
        {
            return false;
        }

        _machine = elf.Machine;

        var found = describe(new LoadedObject { Path = resolved, HostPath = _files.HostPath(resolved), Elf = elf });
        _objects.Add(resolved, found);
        if (found.VariantLevel is null)
        {
            _pending.Enqueue(found);
        }

        return true;
    }

    private bool IsOfMachine(int machine) => _machine is { } wanted ? machine == wanted : machine is ElfMachines.Amd64 or ElfMachines.Arm64;

    /// <summary>Null for what is no ELF file; a broken one is noted.</summary>
    private ElfFile? Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(_files.HostPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> start = stackalloc byte[4];
            return RandomAccess.Read(file, start, 0) == start.Length && ElfFile.IsElf(start) ? ElfFile.Read(_files.HostPath(path)) : null;
        }
        catch (Exception e) when (e is ElfFormatException or IOException or UnauthorizedAccessException)
        {
            _unread.TryAdd(path, UnreadReason.Of(e));
            return null;
        }
    }
}
