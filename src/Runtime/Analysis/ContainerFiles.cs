using Provenance.Archive.Records;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;
using FileKind = Provenance.Runtime.Sandbox.FileKind;

namespace Provenance.Runtime.Analysis;

/// <summary>Programs and libraries of a container, read on the host. Links are followed inside the container only.</summary>
internal sealed class ContainerFiles
{
    private readonly ContainerView _view = new();

    /// <param name="root">The unpacked image, or <c>/</c> for the host's own files; an absolute path.</param>
    /// <param name="mounts">What is bound into it.</param>
    /// <param name="injected">Files of the host put over the image's or beside them; null for none.</param>
    internal ContainerFiles(string root, IEnumerable<Mount> mounts, IEnumerable<PlannedFile>? injected = null)
    {
        var host = new HostTree();
        _view.Mount(new TreeLayer("/", LayerPurpose.Image, host, root == "/" ? "" : root));
        foreach (var mount in mounts.Where(JobPlanner.IsBind))
        {
            Show(new TreeLayer(mount.Destination, LayerPurpose.Data, host, mount.Source == "/" ? "" : mount.Source!));
        }

        foreach (var file in injected ?? [])
        {
            Show(new TreeLayer(file.ContainerPath, LayerPurpose.Data, host, WithoutLinks(file.HostPath)));
        }
    }

    /// <summary>The regular file that a path leads to, free of links; null for what is none, or may not be seen.</summary>
    internal string? Resolve(string path)
    {
        try
        {
            var found = _view.Resolve(path);
            return found.Node.Kind == FileKind.File ? found.Path : null;
        }
        catch (Exception e) when (e is SandboxException or SyscallException)
        {
            return null;
        }
    }

    /// <param name="path">As <see cref="Resolve"/> gives it.</param>
    /// <returns>Where it is on the host.</returns>
    internal string HostPath(string path) => _view.HostPath(path)!;

    /// <summary>Whether somebody may execute it.</summary>
    /// <param name="path">As <see cref="Resolve"/> gives it.</param>
    internal bool IsExecutable(string path) => _view.Look(path).Executable;

    /// <summary>A mount point that the image lacks is made when the container is, with the folders above it.</summary>
    private void Show(TreeLayer layer)
    {
        for (int end = layer.Target.IndexOf('/', 1); end > 0; end = layer.Target.IndexOf('/', end + 1))
        {
            string folder = layer.Target[..end];
            if (!_view.Look(folder).Exists)
            {
                _view.Made(folder, new FileNode(FileKind.Folder));
            }
        }

        _view.Mount(layer);
    }

    /// <summary>What is bound is what a path leads to on the host.</summary>
    private static string WithoutLinks(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;
        }
    }
}
