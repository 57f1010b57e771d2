using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>The bind mounts of one job, opened. A path belongs to the deepest mount it is in, as in the container.</summary>
internal sealed class MountSet : IDisposable
{
    private readonly List<MountedFiles> _mounts;
    private readonly MountedFiles? _host;

    private MountSet(List<MountedFiles> mounts, MountedFiles? host) => (_mounts, _host) = (mounts, host);

    public IReadOnlyList<MountedFiles> All => _mounts;

    /// <param name="mounts">Those that are no binds are passed over.</param>
    /// <param name="host">Shows what is in no other; null for the image, which is not opened.</param>
    /// <exception cref="Native.SyscallException">A source cannot be opened.</exception>
    public static MountSet Open(IEnumerable<Mount> mounts, Mount? host = null)
    {
        var opened = new List<MountedFiles>();
        try
        {
            foreach (var mount in mounts.Where(JobPlanner.IsBind))
            {
                opened.Add(MountedFiles.Open(mount));
            }
        }
        catch
        {
            opened.ForEach(mount => mount.Dispose());
            throw;
        }

        return new MountSet(opened, host is null ? null : MountedFiles.Open(host));
    }

    /// <summary>The mount that a path of the container is in; null for the image's own.</summary>
    public MountedFiles? Find(string path)
    {
        MountedFiles? deepest = null;
        foreach (var mount in _mounts)
        {
            if (ContainerPath.IsAtOrBelow(path, mount.Mount.Destination)
                && (deepest is null || mount.Mount.Destination.Length > deepest.Mount.Destination.Length))
            {
                deepest = mount;
            }
        }

        return deepest ?? _host;
    }

    /// <summary>Where in the container a folder of the host is seen through the mounts.</summary>
    /// <param name="hostFolder">Absolute and normal.</param>
    public IEnumerable<string> PathsOf(string hostFolder) => _mounts
        .Where(mount => !mount.Mount.IsFile && ContainerPath.IsAtOrBelow(hostFolder, mount.Mount.Source!))
        .Select(mount => ContainerPath.Join(
            mount.Mount.Destination, ContainerPath.RelativeTo(hostFolder, mount.Mount.Source!)));

    public void Dispose()
    {
        _mounts.ForEach(mount => mount.Dispose());
        _host?.Dispose();
    }
}
