namespace Provenance.Runtime.Sandbox;

/// <summary>A tmpfs of ours: it holds what the plan makes in it.</summary>
internal sealed record ScratchLayer(string Target) : MountLayer(Target, LayerPurpose.Scratch)
{
    public Dictionary<string, FileNode> Made { get; } = new() { [""] = new FileNode(FileKind.Folder) };

    public override FileNode Look(string relative) => Made.GetValueOrDefault(relative);

    public override IReadOnlyList<string> List(string relative) =>
    [
        .. Made.Keys.Where(path => path.Length > relative.Length + 1 && path.StartsWith(relative + "/", StringComparison.Ordinal))
            .Select(path => path[(relative.Length + 1)..]).Where(name => !name.Contains('/', StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public override string? HostPath(string relative) => null;
}
