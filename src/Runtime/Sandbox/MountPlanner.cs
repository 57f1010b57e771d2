using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Makes one attempt at a <see cref="MountPlan"/>.</summary>
/// <param name="spec">What is asked for.</param>
/// <param name="facts">What the host can do.</param>
/// <param name="host">The host's files, image included.</param>
/// <param name="underlays">
/// Folders of the image to lay a tmpfs over, since mount points are missing in them. An attempt that finds another one
/// adds it and fails.
/// </param>
internal sealed partial class MountPlanner(
    ContainerSpec spec, HostFacts facts, IFileTree host, SortedSet<string> underlays)
{
    // Nearly all images have one of them.
    private static readonly string[] CommonFiles = ["/etc/passwd", "/etc/os-release", "/etc/profile", "/bin/sh"];

    private readonly List<MountAction> _actions = [];
    private readonly List<string> _scratch = [];
    private readonly ContainerView _view = new();
    private readonly HashSet<string> _asked = [];
    private bool _mustRetry;

    private bool IsHostRoot => spec.Rootfs == ContainerSpec.HostRoot;

    /// <summary>Null when another underlay turned out to be needed.</summary>
    public MountPlan? TryPlan()
    {
        MountRoot();
        foreach (string path in underlays)
            LayUnder(path);
        foreach (string destination in spec.Binds.Select(b => b.Destination).Concat(spec.Tmpfs.Select(t => t.Destination)))
            _asked.Add(_view.Resolve(Absolute(destination)).Path);
        MountSystem();
        MountAsked();
        foreach (var (path, content) in spec.GeneratedFiles.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Generate(path, content);
        foreach (var (path, target) in spec.Links.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Link(path, target);
        string workingDirectory = MakeWorkingDirectory();
        SealScratch();
        return _mustRetry ? null : new MountPlan
        {
            Actions = _actions,
            View = _view,
            WorkingDirectory = workingDirectory,
            UsesSealedImage = underlays.Count > 0 && facts.Root != RootKind.Host,
            ModifiableFile = facts.Root == RootKind.Overlay ? FindModifiable() : null,
        };
    }

    private void MountRoot()
    {
        string source = HostPath(spec.Rootfs, "image").Path;
        string relative = source == "/" ? "" : source;
        if (facts.Root == RootKind.ReadOnly)
        {
            _view.Mount(new TreeLayer("/", LayerPurpose.Image, host, relative));
            BindTree("/", source, readOnly: true);
            return;
        }
        if (facts.Root == RootKind.Host)
        {
            // What is missing in it is laid under as in an image: a mount point is no reason to write to the host.
            _view.Mount(new TreeLayer("/", LayerPurpose.Image, host, relative));
            BindTree("/", source, readOnly: false);
            return;
        }
        string? upper = facts.Root == RootKind.Overlay ? spec.Writable?.UpperFolder : null;
        _view.Mount(new TreeLayer("/", LayerPurpose.Scratch, host, relative) { Upper = upper });
        if (facts.Root == RootKind.Overlay)
            _actions.Add(new MountAction(MountKind.Overlay, "/") { Source = source, Text = upper });
        else
            BindTree("/", source, readOnly: false);
    }

    /// <summary>Lays a tmpfs over a folder of the image, with all that the folder holds shown in it again.</summary>
    private void LayUnder(string folder)
    {
        var children = _view.List(folder).Select(name => (Path: Join(folder, name), Node: _view.Look(Join(folder, name))))
            .ToArray();
        string? source = _view.HostPath(folder);
        AddTmpfs(folder, "mode=0755", Mounts.MS_NOSUID | Mounts.MS_NODEV);
        _scratch.Add(folder);
        foreach (var (path, node) in children.Where(child => child.Node.Exists))
        {
            if (node.Kind == FileKind.Link)
            {
                MakeLink(path, node.Target!);
                continue;
            }
            Make(path, node.Kind == FileKind.Folder);
            string shown = Join(source!, Path.GetFileName(path));
            _view.Mount(new TreeLayer(path, LayerPurpose.Image, host, shown));
            _actions.Add(facts.Root == RootKind.Host
                ? new MountAction(MountKind.Bind, path) { Source = shown }
                : new MountAction(MountKind.Bind, path) { Source = path, Origin = MountOrigin.SealedImage });
        }
    }

    private string? FindModifiable()
    {
        var image = new ContainerView();
        image.Mount(_view.LayerOf("/"));
        return CommonFiles.Select(image.Resolve)
            .Where(found => found.Node.Kind == FileKind.File && host.CanWrite(image.HostPath(found.Path)!))
            .Select(found => found.Path).FirstOrDefault();
    }

    private void MountAsked()
    {
        var mounts = spec.Binds.Select(bind => (bind.Destination, Act: (Action)(() => Bind(bind))))
            .Concat(spec.Tmpfs.Select(tmpfs => (tmpfs.Destination, Act: (Action)(() => AddTmpfs(tmpfs)))));
        // What lies deeper is mounted later, whatever the order it was written in; else it would be hidden.
        foreach (var (_, act) in mounts.OrderBy(mount => Absolute(mount.Destination).Count(c => c == '/')))
            act();
    }

    private void Bind(BindMount bind)
    {
        var source = HostPath(bind.Source, "bind");
        bool folder = source.Node.Kind == FileKind.Folder;
        if (EnsureTarget(bind.Destination, folder, "bind") is not { } target)
            return;
        _view.Mount(new TreeLayer(target, LayerPurpose.Data, host, source.Path == "/" ? "" : source.Path));
        BindTree(target, source.Path, bind.ReadOnly);
    }

    private void AddTmpfs(TmpfsMount tmpfs)
    {
        if (EnsureTarget(tmpfs.Destination, folder: true, "tmpfs") is not { } target)
            return;
        string mode = $"mode={Convert.ToString((int)tmpfs.Mode, 8)}";
        AddTmpfs(target, tmpfs.SizeBytes is { } size ? $"{mode},size={size}" : mode, Mounts.MS_NOSUID | Mounts.MS_NODEV);
    }

    private void Generate(string path, ReadOnlyMemory<byte> content)
    {
        string resolved = _view.Resolve(path).Path;
        // What was asked for goes before what we would make.
        if (_asked.Any(asked => asked != "/" && ContainerView.IsWithin(resolved, asked)))
            return;
        if (EnsureTarget(path, folder: false, "file") is { } target)
            _actions.Add(new MountAction(MountKind.Content, target) { Content = content });
    }

    /// <summary>A link into what is not ours to change is left out, and so is one whose place is taken.</summary>
    private void Link(string path, string target)
    {
        string parent = Path.GetDirectoryName(Absolute(path))!;
        var folder = _view.Resolve(parent);
        if (_view.Look(Join(folder.Path, Path.GetFileName(path))).Exists)
            return;
        var layer = _view.LayerOf(folder.Existing);
        if (layer.Purpose == LayerPurpose.Image)
        {
            // As for a mount point: the folder is laid over, and the plan is made again.
            underlays.Add(folder.Existing);
            _mustRetry = true;
            return;
        }
        if (layer.Purpose == LayerPurpose.Data)
            return;
        if (folder.Exists || TryMakeAll(folder, folder: true, "link", path))
            MakeLink(Join(folder.Path, Path.GetFileName(path)), target);
    }

    private string MakeWorkingDirectory()
    {
        var found = _view.Resolve(Absolute(spec.WorkingDirectory));
        if (found.Exists && found.Node.Kind != FileKind.Folder)
            throw new SandboxException($"working directory '{spec.WorkingDirectory}': is not a folder");
        return found.Exists
            ? found.Path
            : EnsureTarget(spec.WorkingDirectory, folder: true, "working directory") ?? found.Path;
    }

    /// <summary>
    /// What we laid over a read-only image is read-only as well, now that it is complete; and over the host's own root:
    /// better that a job cannot write there than that what it wrote is gone.
    /// </summary>
    private void SealScratch()
    {
        if (facts.Root is not (RootKind.ReadOnly or RootKind.Host))
            return;
        foreach (string path in _scratch)
            _actions.Add(new MountAction(MountKind.Seal, path) { Flags = Mounts.MS_NOSUID | Mounts.MS_NODEV });
    }

    /// <summary>The place of a mount, made where it is missing; null when the plan must be made again.</summary>
    private string? EnsureTarget(string destination, bool folder, string what)
    {
        var found = _view.Resolve(Absolute(destination));
        if (found.Path == "/")
            throw new SandboxException($"{what} '{destination}': nothing can be mounted on the root itself");
        if (found.Exists && found.Node.Kind == FileKind.Folder != folder)
        {
            string is_ = folder ? "a folder" : "a file";
            throw new SandboxException($"{what} '{destination}': expected {is_} there, the image has the other");
        }
        return found.Exists || TryMakeAll(found, folder, what, destination) ? found.Path : null;
    }

    private bool TryMakeAll(ViewedPath found, bool folder, string what, string destination)
    {
        var layer = _view.LayerOf(found.Existing);
        if (layer.Purpose == LayerPurpose.Image)
        {
            underlays.Add(found.Existing);
            _mustRetry = true;
            return false;
        }
        if (layer.Purpose == LayerPurpose.Data)
        {
            string missing = found.Path[layer.Target.Length..];
            throw new SandboxException(
                $"{what} '{destination}': no '{missing}' in what is mounted at '{layer.Target}', which is not ours to change");
        }
        string[] parts = found.Path[(found.Existing == "/" ? 1 : found.Existing.Length + 1)..].Split('/');
        string path = found.Existing;
        for (int i = 0; i < parts.Length; i++)
        {
            path = Join(path, parts[i]);
            Make(path, folder || i + 1 < parts.Length);
        }
        return true;
    }

    private void Make(string path, bool folder)
    {
        _view.Made(path, new FileNode(folder ? FileKind.Folder : FileKind.File));
        _actions.Add(new MountAction(folder ? MountKind.Folder : MountKind.File, path));
    }

    private void MakeLink(string path, string target)
    {
        _view.Made(path, new FileNode(FileKind.Link, target));
        _actions.Add(new MountAction(MountKind.Link, path) { Text = target });
    }

    private void AddTmpfs(string path, string options, long flags)
    {
        _view.Mount(new ScratchLayer(path));
        _actions.Add(new MountAction(MountKind.Tmpfs, path) { Text = options, Flags = flags });
    }

    private void BindTree(string target, string source, bool readOnly)
    {
        _actions.Add(new MountAction(MountKind.Bind, target) { Source = source });
        if (readOnly)
            Seal(target, source);
    }

    /// <summary>One recursive call where the kernel has it; else each of the mounts that came along, with its locked flags.</summary>
    private void Seal(string target, string source)
    {
        if (facts.Mounts is not { } mounts)
        {
            _actions.Add(new MountAction(MountKind.Seal, target) { Recursive = true });
            return;
        }
        var over = mounts.LastOrDefault(mount => mount.Target == LongestTarget(mounts, source));
        _actions.Add(new MountAction(MountKind.Seal, target) { Flags = over?.LockedFlags ?? 0 });
        foreach (var below in mounts.Where(m => m.Target != source && ContainerView.IsWithin(m.Target, source)))
        {
            string inside = Join(target, below.Target[(source == "/" ? 1 : source.Length + 1)..]);
            _actions.Add(new MountAction(MountKind.Seal, inside) { Flags = below.LockedFlags });
        }
    }

    private static string? LongestTarget(IReadOnlyList<HostMount> mounts, string source) =>
        mounts.Where(mount => ContainerView.IsWithin(source, mount.Target)).MaxBy(mount => mount.Target.Length)?.Target;

    /// <summary>A path of the host, free of links: the plan is carried out where the host is not at the root any more.</summary>
    private ViewedPath HostPath(string path, string what)
    {
        var view = new ContainerView();
        view.Mount(new TreeLayer("/", LayerPurpose.Data, host, ""));
        var found = view.Resolve(path);
        return found.Exists
            ? found
            : throw new SandboxException($"{what} '{path}': no such file or folder on this host");
    }

    private static string Absolute(string path) => path.StartsWith('/')
        ? path
        : throw new SandboxException($"'{path}': expected an absolute path in the container");

    private static string Join(string folder, string name) => folder == "/" ? $"/{name}" : $"{folder}/{name}";
}
