using System.Text.RegularExpressions;
using Provenance.Archive.Records;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Capturing;

/// <summary>Decides of each file that a job used on the host whether it belongs into the image or is the user's. Rules in schema/FORMAT.d/capture.md.</summary>
/// <param name="mounts">What is known beforehand to be the user's: the working folder, and what <c>-v</c> names.</param>
/// <param name="executed">What the job has started, as far as it is known by then.</param>
/// <param name="exists">Whether there is a file at a path of the host.</param>
internal sealed partial class CaptureClassifier(
    IReadOnlyList<Mount> mounts, IReadOnlySet<string> executed, Func<string, bool> exists)
{
    private static readonly string[] KernelFolders = ["/proc", "/sys", "/dev", "/run", "/var/run"];

    /// <summary>Where systems, packages and centres install; below /var only what programs are installed with.</summary>
    private static readonly string[] SystemFolders =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/boot", "/var/lib", "/var/cache",
        "/nix", "/gnu", "/snap", "/cvmfs", "/sw", "/software", "/apps", "/spack",
    ];

    private readonly EnvironmentFolders _environments = new(exists);

    /// <summary>Environments in a mounted folder, by their top folders: what of them is in the image, the mount would hide.</summary>
    public SortedSet<string> HiddenEnvironments { get; } = new(StringComparer.Ordinal);

    /// <param name="path">Absolute, without links and dots.</param>
    public CapturePlace Classify(string path)
    {
        if (ContainerPath.IsAtOrBelowAny(path, KernelFolders) || HostFiles.Paths.Contains(path))
        {
            return CapturePlace.Provided;
        }

        if (MountOf(path) is { } mount)
        {
            return IsEnvironmentIn(mount, path) ? CapturePlace.Image : CapturePlace.Input;
        }

        if (PrivateFiles.Has(path))
        {
            return CapturePlace.Private;
        }

        bool isInstalled = ContainerPath.IsAtOrBelowAny(path, SystemFolders)
            || _environments.Find(path) is not null
            || executed.Contains(path)
            || SharedObject().IsMatch(path);
        return isInstalled ? CapturePlace.Image : CapturePlace.Input;
    }

    /// <summary>The deepest of the mounts that a path is in; null for none.</summary>
    public Mount? MountOf(string path)
    {
        Mount? deepest = null;
        foreach (var mount in mounts)
        {
            if (ContainerPath.IsAtOrBelow(path, mount.Destination)
                && (deepest is null || mount.Destination.Length > deepest.Destination.Length))
            {
                deepest = mount;
            }
        }

        return deepest;
    }

    /// <summary>Of a bind from elsewhere nothing is packed: what is at that path on the host is not what the job saw.</summary>
    private bool IsEnvironmentIn(Mount mount, string path)
    {
        bool isInPlace = JobPlanner.IsBind(mount) && !mount.IsFile && mount.Source == mount.Destination;
        if (!isInPlace || _environments.Find(path) is not { } top || top == mount.Destination
            || !ContainerPath.IsAtOrBelow(top, mount.Destination) || PrivateFiles.Has(path))
        {
            return false;
        }

        HiddenEnvironments.Add(top);
        return true;
    }

    [GeneratedRegex(@"\.so(\.[0-9]+)*\z")]
    private static partial Regex SharedObject();
}
