using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Tests.Sandbox;

/// <summary>Files of a host that never was: folders end in a slash, links stand as <c>name -> target</c>.</summary>
internal sealed class FileTable : IFileTree
{
    private readonly Dictionary<string, FileNode> _nodes = new() { ["/"] = new FileNode(FileKind.Folder) };

    public FileTable(params string[] entries)
    {
        foreach (string entry in entries)
        {
            string[] parts = entry.Split(" -> ");
            var node = parts.Length == 2 ? new FileNode(FileKind.Link, parts[1])
                : entry.EndsWith('/') ? new FileNode(FileKind.Folder)
                : new FileNode(FileKind.File, Executable: entry.Contains("/bin/", StringComparison.Ordinal));
            string path = parts[0].TrimEnd('/');
            for (string? above = Path.GetDirectoryName(path); above is { Length: > 1 }; above = Path.GetDirectoryName(above))
                _nodes.TryAdd(above, new FileNode(FileKind.Folder));
            _nodes[path] = node;
        }
    }

    public FileNode Look(string path) => _nodes.GetValueOrDefault(path);

    public bool CanWrite(string path) => true;

    public IReadOnlyList<string> List(string path) =>
    [
        .. _nodes.Keys.Where(key => key != "/" && Path.GetDirectoryName(key) == path)
            .Select(key => Path.GetFileName(key)!).Order(StringComparer.Ordinal),
    ];
}
