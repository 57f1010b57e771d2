using Provenance.Archive.Records;
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
    internal ContainerFiles(string root, IEnumerable<Mount> mounts)
    {
        var host = new HostTree();
        _view.Mount(new TreeLayer("/", LayerPurpose.Image, host, root == "/" ? "" : root));
        foreach (var mount in mounts.Where(JobPlanner.IsBind))
        {
            _view.Mount(new TreeLayer(mount.Destination, LayerPurpose.Data, host, mount.Source == "/" ? "" : mount.Source!));
        }
    }

    /// <summary>The regular file that a path leads to, free of links; null for what is none, or may not be seen.</summary>
    internal string? Resolve(string path)
    {
        try
        {
            var found = _view.Resolve(path);
            if (found.Exists)
            {
                return found.Node.Kind == FileKind.File ? found.Path : null;
            }

            // A mount point that the image lacks is made when the container is: what is below it is there all the same.
            return _view.Look(path).Kind == FileKind.File ? path : null;
        }
        catch (Exception e) when (e is SandboxException or SyscallException)
        {
            return null;
        }
    }

    /// <param name="path">As <see cref="Resolve"/> gives it.</param>
    /// <returns>Where it is on the host.</returns>
    internal string HostPath(string path) => _view.HostPath(path)!;
}
