using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Injection;

/// <summary>The shared libraries that a recorded run opened: those that its programs need at the start, and those that dlopen(3) brought.</summary>
public static class OpenedLibraries
{
    private const int MostFiles = 4000;

    /// <param name="used">Of the run; where calls were not observed, nothing is known.</param>
    /// <returns>Paths in the container, in order.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<UsedFile> used) =>
    [
        .. used
            .Where(file => file is { Kind: FileKind.File, Use: FileUse.Read, Class: FileClass.Image or FileClass.Input })
            .Where(file => LibraryPlaces.IsLibraryName(file.Path))
            .Take(MostFiles).Select(file => file.Path).Order(StringComparer.Ordinal),
    ];
}
