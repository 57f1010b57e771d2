namespace Provenance.Runtime.Sandbox;

/// <summary>The files of a container as a plan has made them so far: a stack of mounts, resolved as the kernel would.</summary>
/// <remarks>Links are followed inside the root only: an absolute one begins at the root again, and .. stops there.</remarks>
internal sealed class ContainerView
{
    // path_resolution(7): the kernel's own limit.
    private const int MaxLinks = 40;

    private readonly List<MountLayer> _layers = [];

    public void Mount(MountLayer layer) => _layers.Add(layer);

    /// <summary>What a path leads to. The part of it that does not exist is kept as it is written.</summary>
    /// <exception cref="SandboxException">Links lead in a circle, or through a file.</exception>
    public ViewedPath Resolve(string path)
    {
        var pending = new Stack<string>(Split(path).Reverse());
        string at = "";
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name == "..")
            {
                at = Parent(at);
                continue;
            }
            var node = Look($"{at}/{name}");
            if (!node.Exists)
                return Missing(at, $"{at}/{name}", pending, path);
            if (node.Kind == FileKind.Link)
            {
                if (++links > MaxLinks)
                    throw new SandboxException($"'{path}': too many symbolic links");
                foreach (string part in Split(node.Target!).Reverse())
                    pending.Push(part);
                at = node.Target!.StartsWith('/') ? "" : at;
                continue;
            }
            if (node.Kind != FileKind.Folder && pending.Count > 0)
                throw new SandboxException($"'{path}': '{at}/{name}' is not a folder");
            at = $"{at}/{name}";
        }
        return new ViewedPath(Rooted(at), Rooted(at), Look(at));
    }

    /// <summary>The mount that shows a path free of links.</summary>
    public MountLayer LayerOf(string path) => Find(Trimmed(path)).Layer;

    /// <summary>What stands at a path free of links.</summary>
    public FileNode Look(string path)
    {
        var (layer, relative) = Find(Trimmed(path));
        return layer.Look(relative);
    }

    public IReadOnlyList<string> List(string path)
    {
        var (layer, relative) = Find(Trimmed(path));
        return layer.List(relative);
    }

    /// <summary>Where on the host the content of a path free of links is; null for what is only in the container.</summary>
    public string? HostPath(string path)
    {
        var (layer, relative) = Find(Trimmed(path));
        return layer.HostPath(relative);
    }

    /// <summary>Notes that something was made in a mount of ours.</summary>
    public void Made(string path, FileNode node)
    {
        var (layer, relative) = Find(Trimmed(path));
        var made = layer is ScratchLayer scratch ? scratch.Made : ((TreeLayer)layer).Made;
        made[relative] = node;
    }

    /// <summary>Whether a path is another or lies below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private (MountLayer Layer, string Relative) Find(string path)
    {
        // The last mount on the longest target wins, as the kernel stacks them.
        var layer = _layers[0];
        foreach (var other in _layers)
        {
            if (IsWithin(path.Length == 0 ? "/" : path, other.Target) && other.Target.Length >= layer.Target.Length)
                layer = other;
        }
        return (layer, path[Trimmed(layer.Target).Length..]);
    }

    private static ViewedPath Missing(string existing, string first, Stack<string> rest, string path) =>
        rest.Contains("..")
            ? throw new SandboxException($"'{path}': '{first}' does not exist")
            : new ViewedPath(string.Join('/', [first, .. rest]), Rooted(existing), default);

    private static IEnumerable<string> Split(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    private static string Parent(string path) => path.Length == 0 ? "" : path[..path.LastIndexOf('/')];

    private static string Trimmed(string path) => path == "/" ? "" : path;

    private static string Rooted(string path) => path.Length == 0 ? "/" : path;
}
