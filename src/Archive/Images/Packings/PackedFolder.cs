namespace Provenance.Archive.Images.Packings;

/// <summary>The files of an OCI image layout that is a folder.</summary>
internal sealed class PackedFolder(string folder) : IPackedFiles
{
    public bool Contains(string name) => File.Exists(Path.Combine(folder, name));

    public PackedFile Open(string name)
    {
        string path = Path.Combine(folder, name);
        try
        {
            var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
            return new PackedFile(stream, stream.Length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageException($"image '{folder}': has no '{name}'", e);
        }
    }

    public IEnumerable<string> FoldersWith(string fileName) => Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path))
        .Where(name => Contains($"{name}/{fileName}"));

    public void Dispose()
    {
        // Nothing is held open.
    }
}
