using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>The bind mounts of one job, opened. A path belongs to the deepest mount it is in, as in the container.</summary>
internal sealed class MountSet : IDisposable
{
    private readonly List<MountedFiles> _mounts;

    private MountSet(List<MountedFiles> mounts) => _mounts = mounts;

    public IReadOnlyList<MountedFiles> All => _mounts;

    /// <exception cref="Native.SyscallException">A source cannot be opened.</exception>
    public static MountSet Open(IEnumerable<Mount> mounts)
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

        return new MountSet(opened);
    }

    /// <summary>The mount that a path of the container is in; null for the image's own.</summary>
    public MountedFiles? Find(string path) => _mounts
        .Where(mount => ContainerPath.IsAtOrBelow(path, mount.Mount.Destination))
        .MaxBy(mount => mount.Mount.Destination.Length);

    /// <summary>Where in the container a folder of the host is seen through the mounts.</summary>
    /// <param name="hostFolder">Absolute and normal.</param>
    public IEnumerable<string> PathsOf(string hostFolder) => _mounts
        .Where(mount => !mount.Mount.IsFile && ContainerPath.IsAtOrBelow(hostFolder, mount.Mount.Source!))
        .Select(mount => ContainerPath.Join(
            mount.Mount.Destination, ContainerPath.RelativeTo(hostFolder, mount.Mount.Source!)));

    public void Dispose() => _mounts.ForEach(mount => mount.Dispose());
}
