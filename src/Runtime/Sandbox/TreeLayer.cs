namespace Provenance.Runtime.Sandbox;

/// <summary>A mount that shows a folder or file of the host; or one above another, as an overlay shows them.</summary>
/// <param name="Source">Absolute path on the host; empty for the host's root.</param>
internal sealed record TreeLayer(string Target, LayerPurpose Purpose, IFileTree Tree, string Source)
    : MountLayer(Target, Purpose)
{
    /// <summary>Files made in it by the plan itself, by their relative path.</summary>
    public Dictionary<string, FileNode> Made { get; } = [];

    /// <summary>Folder of an overlay's changes on the host; null for none.</summary>
    public string? Upper { get; init; }

    public override FileNode Look(string relative)
    {
        if (Made.TryGetValue(relative, out var made))
            return made;
        if (Upper is not null && Tree.Look(Upper + relative) is { Exists: true } changed)
            // overlayfs marks what was removed by a character device.
            return changed.Kind == FileKind.Special ? new FileNode(FileKind.Missing) : changed;
        return Tree.Look(AbsolutePath(relative));
    }

    public override IReadOnlyList<string> List(string relative) => Tree.List(AbsolutePath(relative));

    public override string? HostPath(string relative)
    {
        if (Made.ContainsKey(relative))
            return null;
        return Upper is not null && Tree.Look(Upper + relative).Exists ? Upper + relative : AbsolutePath(relative);
    }

    private string AbsolutePath(string relative) => (Source + relative) is { Length: > 0 } path ? path : "/";
}
