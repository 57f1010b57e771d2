namespace Provenance.Runtime.Analysis;

/// <summary>Which files of a load set can bring in more than the set has: by dlopen(3), or by starting another program.</summary>
/// <remarks>
/// The C library's own parts open modules of theirs (NSS, iconv) that come with it and are built as it is; they do not count. What a static program can do does
/// not stand in its symbols, so that each of them counts.
/// </remarks>
internal static class FurtherLoading
{
    /// <summary>Source: dlopen(3), exec(3), execveat(2), posix_spawn(3), system(3), popen(3).</summary>
    private static readonly HashSet<string> Calls = new(StringComparer.Ordinal)
    {
        "dlopen", "dlmopen", "__libc_dlopen_mode",
        "execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve", "execveat",
        "posix_spawn", "posix_spawnp", "system", "popen", "wordexp",
    };

    /// <summary>In the order of the set.</summary>
    internal static IReadOnlyList<string> Of(IEnumerable<AnalysedObject> objects) =>
        [.. objects.Where(CanLoad).Select(found => found.Loaded.Path)];

    private static bool CanLoad(AnalysedObject found) =>
        found.Loaded.Elf.IsStatic || (!found.Loaded.IsOfCLibrary && found.Loaded.VariantLevel is null && found.Imports.Overlaps(Calls));
}
