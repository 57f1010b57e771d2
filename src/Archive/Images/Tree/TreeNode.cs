namespace Provenance.Archive.Images.Tree;

/// <summary>One file of an image while its layers are laid over each other. There may be millions: no field without need.</summary>
internal sealed class TreeNode(string name, TreeNode? parent)
{
    public string Name { get; } = name;

    /// <summary>Null for the root.</summary>
    public TreeNode? Parent { get; } = parent;

    public TreeEntryType Type { get; init; }

    public int Mode { get; set; }

    /// <summary>Of a regular file, in bytes.</summary>
    public long Size { get; set; }

    /// <summary>SHA-256 of a regular file's content.</summary>
    public byte[]? Hash { get; set; }

    /// <summary>Of a symbolic link.</summary>
    public string? Target { get; init; }

    public int DeviceMajor { get; init; }

    public int DeviceMinor { get; init; }

    public IReadOnlyList<Xattr> Xattrs { get; set; } = [];

    /// <summary>Of a folder that is not empty.</summary>
    public Dictionary<string, TreeNode>? Children { get; private set; }

    /// <summary>The layer that said this of it, counted from 1.</summary>
    public int Layer { get; set; }

    /// <summary>The last layer that put something into it or below, counted from 1.</summary>
    public int TouchedLayer { get; set; }

    public bool IsFolder => Type == TreeEntryType.Folder;

    public TreeNode? Child(string name) => Children?.GetValueOrDefault(name);

    public void Add(TreeNode child) => (Children ??= new(StringComparer.Ordinal)).Add(child.Name, child);

    public void Remove(string name)
    {
        Children!.Remove(name);
        if (Children.Count == 0)
        {
            Children = null;
        }
    }

    public TreePath Path()
    {
        var names = new Stack<string>();
        for (var node = this; node.Parent is not null; node = node.Parent)
        {
            names.Push(node.Name);
        }

        return TreePath.FromNames(names);
    }
}
