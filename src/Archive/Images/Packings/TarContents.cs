namespace Provenance.Archive.Images.Packings;

/// <summary>What the names in a tar make it.</summary>
internal enum TarContents
{
    Undecided,
    Layout,
    RootFileSystem,
}
