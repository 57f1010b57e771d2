using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Decides what a request without an image leaves open: the job finds everything as it would without us.</summary>
/// <remarks>
/// Its files, its user, its environment and its working folder are the caller's own; only what is asked for is different. The
/// only mount that is known beforehand is the working folder: which others the job's data went through, its calls tell.
/// </remarks>
internal static class HostJobPlanner
{
    /// <exception cref="BindException">A bind cannot be made.</exception>
    /// <exception cref="SandboxException">There is no such user or folder, or there is nothing to run.</exception>
    public static JobPlan Plan(JobRequest request, JobSurroundings surroundings)
    {
        var notes = new List<string>();
        string folder = FolderOf(request, surroundings);
        var mounts = PlanMounts(request, surroundings.CurrentFolder, notes);
        var user = UserOf(request, surroundings);
        return new JobPlan
        {
            Spec = new ContainerSpec
            {
                Rootfs = ContainerSpec.HostRoot,
                WriteThrough = !request.ReadOnly,
                Argv = JobCommand.Compose(ImageDefaults.None, request.Arguments),
                Environment = EnvironmentOf(request, surroundings, user),
                User = user,
                WorkingDirectory = folder,
                Binds = BindsOf(request, mounts),
                Tmpfs = request.Tmpfs,
                GeneratedFiles = GenerateFiles(request, surroundings.Caller, user),
                Network = request.Network,
                Hostname = request.Hostname,
                AllowNesting = request.AllowNesting,
            },
            Image = null,
            Mounts = mounts,
            Notes = notes,
        };
    }

    private static string FolderOf(JobRequest request, JobSurroundings surroundings)
    {
        string folder = request.WorkingDirectory is { } wanted ? ContainerPath.Normalize(wanted) : surroundings.CurrentFolder;
        bool isMade = request.Binds.Select(bind => bind.Destination).Concat(request.Tmpfs.Select(tmpfs => tmpfs.Destination))
            .Any(place => ContainerPath.IsAtOrBelow(folder, ContainerPath.Normalize(place)));
        return isMade || Directory.Exists(folder)
            ? folder
            : throw new SandboxException($"working directory '{folder}': no such folder on this host");
    }

    private static Mount[] PlanMounts(JobRequest request, string current, List<string> notes)
    {
        List<Mount> mounts =
        [
            .. request.Binds.Select(bind => JobPlanner.DescribeBind(bind, "bind", request.ReadOnly)),
            .. request.Tmpfs.Select(JobPlanner.DescribeTmpfs),
        ];
        if (WorkingFolder.ReasonNotToMount(current) is not null)
        {
            notes.Add($"the working folder '{current}' is a folder of the system: what is in it counts as the system's, not as input");
        }
        else if (!mounts.Exists(mount => mount.Destination == current))
        {
            mounts.Add(JobPlanner.DescribeBind(new BindMount(current, current), "working-folder", readOnly: false));
        }

        return new MountDestinations(ContainerSpec.HostRoot).Settle(mounts);
    }

    /// <summary>The working folder is there already, and writable; a read-only root hides neither.</summary>
    private static BindMount[] BindsOf(JobRequest request, IReadOnlyList<Mount> mounts) =>
    [
        .. mounts.Where(mount => JobPlanner.IsBind(mount) && (mount.Purpose != "working-folder" || request.ReadOnly))
            .Select(mount => new BindMount(mount.Source!, mount.Destination, mount.ReadOnly)),
    ];

    private static ContainerUser UserOf(JobRequest request, JobSurroundings surroundings)
    {
        string passwd = ImageFiles.ReadText(ContainerSpec.HostRoot, "/etc/passwd");
        string group = ImageFiles.ReadText(ContainerSpec.HostRoot, "/etc/group");
        string? home = request.User is null
            ? surroundings.Environment.FirstOrDefault(entry => entry.Name == "HOME")?.Value
            : null;
        return ImageUser.Resolve(request.User ?? "", passwd, group, surroundings.Caller, string.IsNullOrEmpty(home) ? null : home);
    }

    private static List<EnvironmentEntry> EnvironmentOf(JobRequest request, JobSurroundings surroundings, ContainerUser user)
    {
        // As login(1) and su(1) do for another user.
        EnvironmentEntry[] ofUser = request.User is null
            ? []
            : [new("HOME", user.Home), new("LOGNAME", user.Name), new("USER", user.Name)];
        var result = new List<EnvironmentEntry>();
        foreach (var entry in (EnvironmentEntry[])[.. surroundings.Environment, .. ofUser, .. request.Environment])
        {
            result.RemoveAll(other => other.Name == entry.Name);
            result.Add(entry);
        }

        result.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return result;
    }

    /// <summary>A name of its own must resolve; all else of /etc is the host's.</summary>
    private static Dictionary<string, ReadOnlyMemory<byte>> GenerateFiles(JobRequest request, Caller caller, ContainerUser user) =>
        request.Hostname is null
            ? []
            : HostFiles.Generate("", "", user, caller, request.Network, request.Hostname)
                .Where(file => file.Key is "/etc/hosts" or "/etc/hostname" && Path.Exists(file.Key))
                .ToDictionary();
}
