using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>What the dynamic linker would load for a job's programs, with the variants that it may take, and what the job opened besides.</summary>
/// <remarks>
/// Source: ld.so(8). Of each library asked for: DT_RPATH of the file that asks, LD_LIBRARY_PATH, its DT_RUNPATH, /etc/ld.so.cache, the
/// standard folders; a file of another machine is passed over. Beside each, glibc-hwcaps/x86-64-v2 to v4.
/// </remarks>
internal sealed class LoadSet
{
    private const int X8664 = 62;

    /// <summary>Most programs and libraries of one job. A large one (ROOT, PyTorch) has 500.</summary>
    private const int MostObjects = 4000;

    private static readonly string[] StandardFolders =
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"];

    private static readonly string[] Levels = ["v4", "v3", "v2"];

    private readonly ContainerFiles _files;
    private readonly string[] _environmentFolders;
    private readonly LoaderCache _cache;
    private readonly Dictionary<string, LoadedObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unread = new(StringComparer.Ordinal);
    private readonly Queue<LoadedObject> _pending = [];

    /// <param name="files">Of the container.</param>
    /// <param name="libraryPath">LD_LIBRARY_PATH as the job has it; null for none.</param>
    internal LoadSet(ContainerFiles files, string? libraryPath)
    {
        _files = files;
        _environmentFolders = Folders(libraryPath);
        _cache = files.Resolve("/etc/ld.so.cache") is { } path ? LoaderCache.Read(files.HostPath(path)) : LoaderCache.Empty;
    }

    /// <summary>In order of the path.</summary>
    internal IReadOnlyList<LoadedObject> Objects => [.. _objects.Values.OrderBy(o => o.Path, StringComparer.Ordinal)];

    /// <summary>What is missing or cannot be read, in order.</summary>
    internal IReadOnlyList<UnreadBinary> Unread =>
        [.. _unread.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => new UnreadBinary { Path = u.Key, Reason = u.Value })];

    /// <summary>A program with everything that the dynamic linker loads for it. What is no x86-64 program is passed over.</summary>
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
        if (!IsVariant(path))
        {
            Add(path, o => o with { IsOpened = true });
            AddNeeded();
        }
    }

    private void AddNeeded()
    {
        while (_pending.TryDequeue(out var asking))
        {
            if (asking.Elf.Interpreter is { } interpreter)
            {
                Add(interpreter, o => o);
            }

            foreach (string name in asking.Elf.Needed)
            {
                if (!AddLibrary(name, asking))
                {
                    _unread.TryAdd(name, $"not found; '{asking.Path}' asks for it");
                }
            }
        }
    }

    private bool AddLibrary(string name, LoadedObject asking)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Add(name, o => o);
        }

        foreach (string candidate in Candidates(name, asking))
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

    private IEnumerable<string> Candidates(string name, LoadedObject asking)
    {
        string origin = asking.Path[..Math.Max(1, asking.Path.LastIndexOf('/'))];
        // DT_RPATH counts only where there is no DT_RUNPATH.
        string[] before = asking.Elf.Runpath is null ? Folders(asking.Elf.Rpath) : [];
        return before.Concat(_environmentFolders).Concat(Folders(asking.Elf.Runpath)).Select(folder => Expand(folder, origin)).Select(folder => $"{folder}/{name}")
            .Concat(_cache.Find(name).Where(path => !IsVariant(path)))
            .Concat(StandardFolders.Select(folder => $"{folder}/{name}"));
    }

    private void AddVariants(string name, string beside)
    {
        string folder = beside[..beside.LastIndexOf('/')];
        foreach (string level in Levels)
        {
            Add($"{folder}/glibc-hwcaps/x86-64-{level}/{name}", o => o with { VariantLevel = level });
        }
    }

    /// <returns>False when there is no such file, or none that can be loaded.</returns>
    private bool Add(string path, Func<LoadedObject, LoadedObject> describe)
    {
        if (_files.Resolve(path) is not { } resolved)
        {
            return false;
        }

        if (_objects.ContainsKey(resolved))
        {
            return true;
        }

        if (_objects.Count >= MostObjects || Read(resolved) is not { Machine: X8664, Bits: 64 } elf)
        {
            return false;
        }

        var found = describe(new LoadedObject { Path = resolved, HostPath = _files.HostPath(resolved), Elf = elf });
        _objects.Add(resolved, found);
        if (found.VariantLevel is null)
        {
            _pending.Enqueue(found);
        }

        return true;
    }

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
            _unread.TryAdd(path, e.Message);
            return null;
        }
    }

    /// <summary>Variants are looked for beside the library itself.</summary>
    private static bool IsVariant(string path) => path.Contains("/glibc-hwcaps/", StringComparison.Ordinal);

    private static string[] Folders(string? list) =>
        [.. (list ?? "").Split([':', ';'], StringSplitOptions.RemoveEmptyEntries).Select(folder => folder.TrimEnd('/'))];

    private static string Expand(string folder, string origin) => folder
        .Replace("${ORIGIN}", origin, StringComparison.Ordinal)
        .Replace("$ORIGIN", origin, StringComparison.Ordinal)
        .Replace("$LIB", "lib/x86_64-linux-gnu", StringComparison.Ordinal);
}
