namespace Provenance.Runtime.Injection;

/// <summary>Finds the image's libraries that ask for a replaced one without being loaded at the start: extension modules, plug-ins.</summary>
/// <param name="root">Of the unpacked image.</param>
/// <param name="image">Reads what is found.</param>
internal sealed class ImageImporters(string root, LibrarySearch image)
{
    /// <summary>Most files that are looked at: a large Python environment has 10,000 libraries.</summary>
    private const int MostFiles = 20_000;

    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    /// <param name="names">Of the libraries that are put in.</param>
    /// <param name="loaded">What is known already.</param>
    public IReadOnlyList<ElfObject> Find(IReadOnlySet<string> names, IReadOnlyList<ElfObject> loaded)
    {
        var known = loaded.Select(found => found.HostPath).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Directory.EnumerateFiles(root, "*.so*", Everywhere).Take(MostFiles)
                .Where(path => !known.Contains(path))
                .Select(path => image.Read("/" + Path.GetRelativePath(root, path)))
                .OfType<ElfObject>()
                .Where(found => !found.IsFromHost && found.File.Needed.Any(names.Contains) && !known.Contains(found.HostPath))
                .OrderBy(found => found.Path, StringComparer.Ordinal),
        ];
    }
}
