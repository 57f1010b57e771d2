namespace Provenance.Runtime.Sandbox;

/// <summary>The host's own files. What was looked at once is remembered: a plan is made several times over.</summary>
internal sealed class HostTree : IFileTree
{
    private readonly Dictionary<string, FileNode> _seen = [];

    public FileNode Look(string path)
    {
        if (!_seen.TryGetValue(path, out var node))
            _seen.Add(path, node = FileStatus.Look(path));
        return node;
    }

    public bool CanWrite(string path) => FileStatus.CanWrite(path);

    public IReadOnlyList<string> List(string path) =>
    [
        .. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!)
            .Order(StringComparer.Ordinal),
    ];
}
