namespace Provenance.Runtime.Capturing;

/// <summary>Finds what Python has compiled of the modules of a package: a package manager does not list it, since its own scripts make it.</summary>
internal static class CompiledModules
{
    private const string Cache = "__pycache__";

    /// <param name="files">All files of a package, absolute.</param>
    public static IEnumerable<string> Of(IReadOnlyList<string> files)
    {
        var modules = files.Where(file => file.EndsWith(".py", StringComparison.Ordinal))
            .Select(file => file[..^3]).ToHashSet(StringComparer.Ordinal);
        foreach (string folder in modules.Select(module => Path.GetDirectoryName(module)!).Distinct())
        {
            string cache = $"{folder}/{Cache}";
            if (!Directory.Exists(cache))
            {
                continue;
            }

            foreach (string compiled in Directory.EnumerateFiles(cache, "*.pyc"))
            {
                if (modules.Contains($"{folder}/{Path.GetFileName(compiled).Split('.')[0]}"))
                {
                    yield return compiled;
                }
            }
        }
    }
}
