using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Decides what a request leaves open.</summary>
/// <remarks>
/// The job is where the caller is: the caller's folder is mounted at its own path and is the job's working folder, as with
/// Apptainer and Charliecloud, since a job's arguments name files from there. The image's WORKDIR counts where that cannot be.
/// </remarks>
public static class JobPlanner
{
    /// <exception cref="BindException">A bind cannot be made.</exception>
    /// <exception cref="SandboxException">The image has no such user, or there is nothing to run.</exception>
    public static JobPlan Plan(JobRequest request, JobSurroundings surroundings)
    {
        if (request.Image is null)
        {
            return HostJobPlanner.Plan(request, surroundings);
        }

        var notes = new List<string>();
        var destinations = new MountDestinations(request.Rootfs);
        var mounts = destinations.Settle(PlanMounts(request, surroundings, notes));
        var defaults = DefaultsOf(request.Image);
        string passwd = ImageFiles.ReadText(request.Rootfs, "/etc/passwd");
        string group = ImageFiles.ReadText(request.Rootfs, "/etc/group");
        var user = ImageUser.Resolve(
            request.User ?? defaults.User, passwd, group, surroundings.Caller, request.HomeFolder);
        return new JobPlan
        {
            Spec = new ContainerSpec
            {
                Rootfs = request.Rootfs,
                Argv = JobCommand.Compose(defaults, request.Arguments, request.Entrypoint),
                Environment = JobEnvironment.Compose(defaults, user, surroundings.Terminal, request.Environment, request.HomeFolder),
                User = user,
                WorkingDirectory = destinations.Find(ChooseFolder(request, defaults, mounts, destinations, surroundings)),
                Binds = [.. mounts.Where(IsBind).Select(mount => new BindMount(mount.Source!, mount.Destination, mount.ReadOnly))],
                Tmpfs = request.Tmpfs,
                GeneratedFiles = HostFiles.Generate(
                    passwd, group, user, surroundings.Caller, request.Network, request.Hostname),
                Writable = request.Writable,
                Network = request.Network,
                Hostname = request.Hostname,
                AllowNesting = request.AllowNesting,
            },
            Image = DescribeImage(request.Reference ?? "", request.Image),
            Mounts = mounts,
            Notes = notes,
        };
    }

    internal static bool IsBind(Mount mount) => mount.Kind == "bind";

    private static ImageDefaults DefaultsOf(StoredImage image) => new()
    {
        Env = image.Config.Env,
        Entrypoint = image.Config.Entrypoint,
        Cmd = image.Config.Cmd,
        WorkingDir = image.Config.WorkingDir ?? "",
        User = image.Config.User ?? "",
    };

    private static RunImage? DescribeImage(string reference, StoredImage image) => image.Record is not { } record ? null : new()
    {
        Reference = reference,
        Manifest = image.Manifest.Digest,
        Tree = image.Tree,
        Record = record,
        Platform = image.Platform,
        Choice = image.Choice,
    };

    private static string ChooseFolder(
        JobRequest request, ImageDefaults defaults, IReadOnlyList<Mount> mounts, MountDestinations destinations, JobSurroundings surroundings)
    {
        if (request.WorkingDirectory is { } wanted)
        {
            return ContainerPath.Normalize(wanted);
        }

        string current = surroundings.CurrentFolder;
        bool shown = mounts.Any(mount => IsBind(mount) && ContainerPath.IsAtOrBelow(current, mount.Source!)
            && destinations.Find(mount.Source!) == mount.Destination);
        if (shown)
        {
            return current;
        }

        return defaults.WorkingDir.Length > 0 ? ContainerPath.Normalize(defaults.WorkingDir) : "/";
    }

    private static List<Mount> PlanMounts(JobRequest request, JobSurroundings surroundings, List<string> notes)
    {
        var mounts = new List<Mount>();
        foreach (var bind in request.Binds)
        {
            mounts.Add(DescribeBind(bind, "bind", request.ReadOnly));
        }

        if (request.HomeFolder is { } home)
        {
            mounts.Add(DescribeBind(new BindMount(home, ContainerPath.Normalize(home)), "home", request.ReadOnly));
        }

        mounts.AddRange(request.Tmpfs.Select(DescribeTmpfs));
        if (PlanWorkingFolder(surroundings.CurrentFolder, mounts, notes) is { } folder)
        {
            mounts.Add(folder with { ReadOnly = request.ReadOnly });
        }

        return mounts;
    }

    /// <summary>Null when it is shown by another bind already, or must not be.</summary>
    private static Mount? PlanWorkingFolder(string current, IReadOnlyList<Mount> mounts, List<string> notes)
    {
        if (WorkingFolder.ReasonNotToMount(current) is { } reason)
        {
            notes.Add($"the working folder '{current}' is not in the container: {reason}");
            return null;
        }

        // What is asked for at this place goes before our own idea of it.
        bool taken = mounts.Any(mount => mount.Destination == current
            || (mount.Source == mount.Destination && ContainerPath.IsAtOrBelow(current, mount.Destination)));
        return taken ? null : DescribeBind(new BindMount(current, current), "working-folder", readOnly: false);
    }

    /// <exception cref="BindException">The source is not there, or it cannot be shown there.</exception>
    internal static Mount DescribeBind(BindMount bind, string purpose, bool readOnly)
    {
        string source = Path.GetFullPath(bind.Source);
        source = source.Length > 1 ? source.TrimEnd('/') : source;
        string destination = ContainerPath.Normalize(bind.Destination);
        bool isFolder = Directory.Exists(source);
        if (!isFolder && !Path.Exists(source))
        {
            throw new BindException(source, "no such file or folder on this host");
        }

        if (WorkingFolder.ReasonNotToMount(destination) is { } reason && (destination == "/" || isFolder && IsKernels(destination)))
        {
            throw new BindException(destination, reason);
        }

        return new Mount
        {
            Kind = "bind",
            Source = source,
            Destination = destination,
            ReadOnly = bind.ReadOnly || readOnly,
            Purpose = purpose,
            IsFile = !isFolder,
        };
    }

    internal static Mount DescribeTmpfs(TmpfsMount tmpfs) => new()
    {
        Kind = "tmpfs",
        Destination = ContainerPath.Normalize(tmpfs.Destination),
        ReadOnly = false,
        Purpose = "scratch",
        IsFile = false,
        // No memory is larger than the largest number of a record.
        SizeBytes = tmpfs.SizeBytes is { } size ? Math.Min(size, CanonicalJson.MaxInteger) : null,
    };

    /// <summary>The user may know why to bind over /usr; nobody can over these.</summary>
    private static bool IsKernels(string destination) => destination is "/proc" or "/sys" or "/dev";
}
