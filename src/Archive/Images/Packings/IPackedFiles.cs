namespace Provenance.Archive.Images.Packings;

/// <summary>Named files that hold an image: a folder, or the members of a tar.</summary>
internal interface IPackedFiles : IDisposable
{
    /// <summary>Names without <c>./</c> before them.</summary>
    bool Contains(string name);

    /// <summary>Opens a file to be read once, forwards.</summary>
    /// <exception cref="ImageException">There is no such file.</exception>
    PackedFile Open(string name);

    /// <summary>Names of folders that hold a file of this name, directly below the top.</summary>
    IEnumerable<string> FoldersWith(string fileName);
}
