using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>What of the host decides how a container is made.</summary>
internal sealed record HostFacts
{
    /// <summary>Whether the caller is root, with all ids: it keeps them, and more must be protected from it.</summary>
    public required bool IsRoot { get; init; }

    /// <summary>
    /// The host's mounts, when the kernel has no mount_setattr(2) (before 5.12) and read-only must be asked for mount by
    /// mount; null otherwise, since reading them takes time.
    /// </summary>
    public IReadOnlyList<HostMount>? Mounts { get; init; }

    /// <summary>Path of the terminal on the job's standard streams; null for none.</summary>
    public string? Terminal { get; init; }

    /// <summary>Whether the job gets a process tree of its own, and with it a /proc of its own.</summary>
    public required bool PidNamespace { get; init; }

    /// <summary>What the root is, and how a writable one is made.</summary>
    public RootKind Root { get; init; }

    /// <summary>Looks around, for a specification.</summary>
    public static HostFacts Read(ContainerSpec spec) => new()
    {
        IsRoot = IdentityMap.IsFullRoot(),
        Mounts = HasMountSetattr() ? null : HostMount.Read(),
        Terminal = FindTerminal(spec.Streams),
        PidNamespace = spec.PidNamespace,
        Root = RootOf(spec),
    };

    private static RootKind RootOf(ContainerSpec spec)
    {
        if (spec.Rootfs == ContainerSpec.HostRoot && spec.WriteThrough)
            return RootKind.Host;
        return spec.Writable is null ? RootKind.ReadOnly : RootKind.Overlay;
    }

    /// <summary>Asked with a struct of no size, which a kernel that knows the call refuses with another error.</summary>
    private static bool HasMountSetattr() =>
        Libc.syscall(Syscall.MountSetattr.Number, -1, 0, 0, 0, 0, 0) != -1
        || SyscallException.FromLastError("mount_setattr").Errno != Errno.ENOSYS;

    private static string? FindTerminal(StandardStreams streams)
    {
        foreach (int descriptor in new[] { streams.Input, streams.Output, streams.Error })
        {
            if (Libc.isatty(descriptor) == 1)
                return FileStatus.ReadLink($"/proc/self/fd/{descriptor}");
        }
        return null;
    }
}
