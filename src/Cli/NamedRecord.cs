using Provenance.Archive.Catalog;

namespace Provenance.Cli;

/// <summary>A record as people name it: by its first digits, or an image by its name.</summary>
internal static class NamedRecord
{
    /// <exception cref="RecordNotFoundException">There is none.</exception>
    public static RecordRow Get(Workbench workbench, string name) =>
        workbench.Finder.Find(name)
        ?? workbench.Finder.Get((workbench.Images.Find(name)?.Record ?? throw new RecordNotFoundException(name)).Hex);
}
