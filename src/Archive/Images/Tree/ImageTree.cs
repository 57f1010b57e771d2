namespace Provenance.Archive.Images.Tree;

/// <summary>The files of an image, one layer laid over the other, as they would be on disk. What changes is passed on to the tree writer.</summary>
/// <remarks>
/// Source: OCI image-spec v1.1.1, layer.md. Where it is silent: a path through a link leads on inside the root, as it would after chroot;
/// a link that climbs above the root is not followed; a missing parent is a folder 0755 of root; within one layer a path comes once,
/// but for folders, of which the last word counts.
/// </remarks>
internal sealed class ImageTree(ITreeWriter? writer, ImportLimits limits)
{
    /// <summary>Linux follows 40 links in one path (path_resolution(7)).</summary>
    private const int MaxLinks = 40;

    private static readonly FileMetadata Implied = new()
    {
        Mode = 0x1ED, // 0755
        UserId = 0,
        GroupId = 0,
        ModifiedNanoseconds = 0,
    };

    private int _layer;

    public TreeNode Root { get; } = new("", null) { Type = TreeEntryType.Folder, Mode = Implied.Mode };

    /// <summary>Entries in the tree, the root not counted.</summary>
    public int Count { get; private set; }

    /// <summary>What follows belongs to the next layer.</summary>
    public void BeginLayer() => _layer++;

    /// <summary>Makes a folder, or gives one that is there new metadata.</summary>
    public void PutFolder(TreePath path, FileMetadata metadata)
    {
        if (path.IsRoot)
        {
            Root.Mode = metadata.Mode;
            writer?.WriteFolder(path, metadata);
            return;
        }

        var parent = Parent(path);
        var node = parent.Child(path.Name);
        if (node is { IsFolder: false })
        {
            Replace(node, path);
            node = null;
        }

        SetFolder(node ?? AddFolder(parent, path.Name), metadata);
    }

    /// <summary>Makes anything but a folder or a hard link. The writer is not told: it needs the content.</summary>
    /// <returns>The node, and where it really is.</returns>
    public (TreeNode Node, TreePath Path) Put(TreePath path, TreeEntryType type, FileMetadata metadata, string? target, int major, int minor)
    {
        var parent = MakeRoom(path);
        var node = new TreeNode(path.Name, parent)
        {
            Type = type,
            Mode = metadata.Mode,
            Size = metadata.Size,
            Target = target,
            DeviceMajor = major,
            DeviceMinor = minor,
            Xattrs = metadata.Xattrs,
            Layer = _layer,
        };
        return (node, Add(parent, node));
    }

    /// <summary>Gives an entry, of this layer or of one below, a second name. In the tree both are entries of their own.</summary>
    public void PutHardLink(TreePath path, TreePath target)
    {
        var existing = Find(target) ?? throw BadHardLink(path, target, "is not in the image");
        if (existing.IsFolder)
        {
            throw BadHardLink(path, target, "is a folder");
        }

        var parent = MakeRoom(path);
        if (Find(target) != existing)
        {
            throw BadHardLink(path, target, "is what it replaces");
        }

        var node = new TreeNode(path.Name, parent)
        {
            Type = existing.Type,
            Mode = existing.Mode,
            Size = existing.Size,
            Hash = existing.Hash,
            Target = existing.Target,
            DeviceMajor = existing.DeviceMajor,
            DeviceMinor = existing.DeviceMinor,
            Xattrs = existing.Xattrs,
            Layer = _layer,
        };
        // Added whether or not somebody writes the tree.
        var added = Add(parent, node);
        writer?.WriteHardLink(added, existing.Path());
    }

    /// <summary>A whiteout: hides what lower layers have at the path.</summary>
    /// <param name="path">Nothing need be there.</param>
    /// <param name="ofThisLayerToo">Else what this layer put there stays.</param>
    public void Hide(TreePath path, bool ofThisLayerToo)
    {
        if (Find(path) is not { Parent: not null } node)
        {
            return;
        }

        if (ofThisLayerToo)
        {
            Remove(node);
        }
        else
        {
            HideLower(node);
        }
    }

    /// <summary>An opaque whiteout: hides what lower layers have in the folder, wherever in the layer it stands.</summary>
    public void HideContent(TreePath folder)
    {
        var node = folder.IsRoot ? Root : Find(folder);
        if (node is { IsFolder: true })
        {
            HideLowerChildren(node);
        }
    }

    private void HideLower(TreeNode node)
    {
        if (node.Layer < _layer && node.TouchedLayer < _layer)
        {
            Remove(node);
            return;
        }

        if (!node.IsFolder)
        {
            return;
        }

        HideLowerChildren(node);
        if (node.Layer < _layer)
        {
            // :: Only implied by what this layer put below: of the lower folder nothing stays, its metadata neither.
            SetFolder(node, Implied);
        }
    }

    private void HideLowerChildren(TreeNode folder)
    {
        foreach (var child in folder.Children?.Values.ToArray() ?? [])
        {
            HideLower(child);
        }
    }

    /// <summary>Takes away what is in the way of a new entry.</summary>
    /// <returns>The folder it goes into.</returns>
    private TreeNode MakeRoom(TreePath path)
    {
        if (path.IsRoot)
        {
            throw new HostileImageException("the root of an image must be a folder");
        }

        var parent = Parent(path);
        if (parent.Child(path.Name) is { } node)
        {
            Replace(node, path);
        }

        return parent;
    }

    private void Replace(TreeNode node, TreePath path)
    {
        if (node.Layer == _layer || node.TouchedLayer == _layer)
        {
            throw new HostileImageException($"path '{Shown(path)}': comes twice in one layer");
        }

        Remove(node);
    }

    private void Remove(TreeNode node)
    {
        writer?.Remove(node.Path());
        node.Parent!.Remove(node.Name);
        Count -= CountOf(node);
    }

    private static int CountOf(TreeNode node) => 1 + (node.Children?.Values.Sum(CountOf) ?? 0);

    private TreeNode AddFolder(TreeNode parent, string name)
    {
        var node = new TreeNode(name, parent) { Type = TreeEntryType.Folder };
        Add(parent, node);
        return node;
    }

    /// <returns>Where the node is now.</returns>
    private TreePath Add(TreeNode parent, TreeNode node)
    {
        var path = node.Path();
        parent.Add(node);
        Count++;
        for (var above = parent; above is not null && above.TouchedLayer < _layer; above = above.Parent)
        {
            above.TouchedLayer = _layer;
        }

        return path;
    }

    private void SetFolder(TreeNode node, FileMetadata metadata)
    {
        node.Mode = metadata.Mode;
        node.Xattrs = metadata.Xattrs;
        node.Layer = _layer;
        for (var above = node.Parent; above is not null && above.TouchedLayer < _layer; above = above.Parent)
        {
            above.TouchedLayer = _layer;
        }

        writer?.WriteFolder(node.Path(), metadata);
    }

    /// <summary>The folder a new entry goes into, through links, made where it is missing.</summary>
    private TreeNode Parent(TreePath path) => Walk(path, path.Parent.Names(), create: true)!;

    /// <summary>What stands at the path; links on the way are followed, the last name is not.</summary>
    private TreeNode? Find(TreePath path) =>
        path.IsRoot ? Root : Walk(path, path.Parent.Names(), create: false)?.Child(path.Name);

    private TreeNode? Walk(TreePath path, IEnumerable<string> names, bool create)
    {
        var rest = new Stack<string>(names.Reverse());
        var node = Root;
        int links = 0;
        int depth = 0;
        while (rest.TryPop(out string? name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                node = node.Parent ?? throw new HostileImageException($"path '{Shown(path)}': leads out of the root by a link");
                continue;
            }

            var child = node.Child(name);
            if (child is { Type: TreeEntryType.Link })
            {
                node = Follow(child, path, rest, ++links);
                continue;
            }

            if (child is null && !create)
            {
                return null;
            }

            node = child ?? AddImplied(node, name);
            if (!node.IsFolder)
            {
                return create ? throw NotAFolder(path, node) : null;
            }
        }

        for (var above = node; above is not null; above = above.Parent)
        {
            depth++;
        }

        return depth <= limits.MaxDepth ? node : throw new HostileImageException(
            $"path '{Shown(path)}': deeper than {limits.MaxDepth} folders");
    }

    /// <summary>Puts the names of a link's target before those that are left.</summary>
    /// <returns>Where to go on.</returns>
    private TreeNode Follow(TreeNode link, TreePath path, Stack<string> rest, int links)
    {
        if (links > MaxLinks)
        {
            throw new HostileImageException($"path '{Shown(path)}': leads through more than {MaxLinks} links");
        }

        foreach (string name in link.Target!.Split('/').Reverse())
        {
            rest.Push(name);
        }

        return link.Target.StartsWith('/') ? Root : link.Parent!;
    }

    private TreeNode AddImplied(TreeNode parent, string name)
    {
        var node = AddFolder(parent, name);
        SetFolder(node, Implied);
        return node;
    }

    private static HostileImageException BadHardLink(TreePath path, TreePath target, string reason) =>
        new($"hard link '{Shown(path)}': its target '{Shown(target)}' {reason}");

    private static HostileImageException NotAFolder(TreePath path, TreeNode node) =>
        new($"path '{Shown(path)}': '{Shown(node.Path())}' is not a folder");

    private static string Shown(TreePath path) => TreePath.Quote(path.ToString()).Trim('\'');
}
