using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Makes the container of a replay from the record of the run.</summary>
internal static class ReplaySpec
{
    /// <param name="run">As recorded.</param>
    /// <param name="rootfs">Where the image is unpacked.</param>
    /// <param name="environment">With its secrets.</param>
    /// <param name="mounts">As the scratch folder makes them.</param>
    /// <param name="scratch">Folder for whatever else the container needs.</param>
    /// <exception cref="RecordingException">The image lacks what the run had of it over a mount.</exception>
    public static ContainerSpec Of(
        RunRecord run,
        string rootfs,
        IReadOnlyList<EnvironmentEntry> environment,
        IReadOnlyList<ScratchMount> mounts,
        string scratch)
    {
        var invocation = run.Invocation;
        string passwd = ImageFiles.ReadText(rootfs, "/etc/passwd");
        string group = ImageFiles.ReadText(rootfs, "/etc/group");
        var network = invocation.Network == "none" ? ContainerNetwork.None : ContainerNetwork.Host;
        var user = new ContainerUser
        {
            Uid = (uint)invocation.User.Uid,
            Gid = (uint)invocation.User.Gid,
            Name = invocation.User.Name,
            Home = invocation.User.Home,
            Groups = IdentityMap.IsFullRoot() ? [.. (invocation.User.Groups ?? []).Select(group => (uint)group)] : [],
        };
        return new ContainerSpec
        {
            Rootfs = rootfs,
            Argv = invocation.Argv,
            Environment = environment,
            User = user,
            WorkingDirectory = invocation.WorkingDirectory,
            Binds =
            [
                .. mounts.Select(made => new BindMount(made.Mount.Source!, made.Mount.Destination, made.Mount.ReadOnly)),
                .. run.Mounts.Where(mount => mount.Kind == "image")
                    .Select(mount => new BindMount(ImageFiles.Locate(rootfs, mount.Destination), mount.Destination, ReadOnly: true)),
            ],
            Tmpfs = [.. run.Mounts.Where(mount => mount.Kind == "tmpfs").Select(mount => new TmpfsMount(mount.Destination, mount.SizeBytes))],
            GeneratedFiles = HostFiles.Generate(passwd, group, user, Caller.Current(), network, invocation.Hostname),
            Writable = invocation.WritableRoot ? new WritableRoot { CopyFolder = scratch } : null,
            Network = network,
            Hostname = invocation.Hostname,
            AllowNesting = invocation.AllowNesting == true,
            Umask = (UnixFileMode)Convert.ToInt32(invocation.Umask, 8),
            Limits = LimitsOf(invocation.Limits, InvocationFacts.OwnLimits()),
        };
    }

    /// <summary>The recorded soft limits that are not ours already, as far as our hard limits let us.</summary>
    internal static IReadOnlyList<ResourceLimit> LimitsOf(
        IReadOnlyList<ResourceLimit> recorded, IReadOnlyList<ResourceLimit> ours) =>
    [
        .. from then in recorded
           from now in ours
           where then.Name == now.Name
           let soft = Math.Min(then.Soft ?? long.MaxValue, now.Hard ?? long.MaxValue)
           where soft != (now.Soft ?? long.MaxValue)
           select new ResourceLimit { Name = now.Name, Soft = soft == long.MaxValue ? null : soft, Hard = now.Hard },
    ];
}
