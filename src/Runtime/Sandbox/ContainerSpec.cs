using Provenance.Archive.Records;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>Everything that makes a container, already decided: what to run, on which files, as whom.</summary>
/// <remarks>Nothing is read from the caller's own environment: what is not in here, the job does not get.</remarks>
public sealed record ContainerSpec
{
    /// <summary>The rootfs that stands for the host's own files, read through.</summary>
    public const string HostRoot = "/";

    /// <summary>Absolute path of the unpacked image on the host, never written to; <see cref="HostRoot"/> for none.</summary>
    public required string Rootfs { get; init; }

    /// <summary>Program and arguments. A program without a slash is looked up in PATH, inside the root.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>What the job sees, in this order. See <see cref="JobEnvironment"/>.</summary>
    public required IReadOnlyList<EnvironmentEntry> Environment { get; init; }

    public required ContainerUser User { get; init; }

    /// <summary>Absolute path in the container; made if it is missing.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Host files and folders shown in the container. A destination of <c>/tmp</c> or such replaces ours.</summary>
    public IReadOnlyList<BindMount> Binds { get; init; } = [];

    /// <summary>Empty file systems in memory, besides the /tmp, /var/tmp and /run that every container has.</summary>
    public IReadOnlyList<TmpfsMount> Tmpfs { get; init; } = [];

    /// <summary>Files shown over the image's own, by absolute path in the container: /etc/passwd and such.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> GeneratedFiles { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Symbolic links to make, by absolute path in the container; one that the image has already is left as it is.</summary>
    public IReadOnlyDictionary<string, string> Links { get; init; } = new Dictionary<string, string>();

    /// <summary>Null for a read-only root.</summary>
    public WritableRoot? Writable { get; init; }

    /// <summary>
    /// With <see cref="HostRoot"/>: the job changes the host's files wherever the host lets it. Without, it changes
    /// what <see cref="Binds"/> show writable, and what lies in the host's /tmp, /var/tmp and /dev/shm.
    /// </summary>
    public bool WriteThrough { get; init; }

    public ContainerNetwork Network { get; init; }

    /// <summary>Null keeps the host's.</summary>
    public string? Hostname { get; init; }

    public StandardStreams Streams { get; init; } = StandardStreams.Inherited;

    /// <summary>Null keeps the caller's.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>Limits to set; all others are kept as they are.</summary>
    public IReadOnlyList<ResourceLimit> Limits { get; init; } = [];

    /// <summary>
    /// Whether the job gets a process tree of its own, which the kernel ends with the job. Where the kernel forbids
    /// it, the job runs without, and <see cref="ContainerResult.Notes"/> says so.
    /// </summary>
    public bool PidNamespace { get; init; } = true;

    /// <summary>
    /// Told of what the job does, before the kernel does it, on a thread of its own and one event at a time, while the job
    /// waits; null observes nothing, and costs nothing. Where this host has no means for it, the job runs all the same and
    /// <see cref="ContainerResult.NotObserved"/> says so.
    /// </summary>
    internal Action<ObservedEvent>? Observe { get; init; }

    /// <summary>
    /// Follows the job's processes, whatever that costs, so that one which ends by SIGILL is explained. Without it they are followed as
    /// far as it costs the job nothing to speak of; where this host forbids it, not at all. See <see cref="ContainerResult.Illegal"/>.
    /// </summary>
    public bool FollowAll { get; init; }

    /// <summary>The processor that CPUID shows the job; null for this one.</summary>
    internal PinnedCpu? Cpu { get; init; }

    /// <summary>
    /// The environment with which the job runs when CPUID cannot be answered here, see <see cref="ContainerResult.NotPinned"/>; null
    /// for not at all.
    /// </summary>
    internal IReadOnlyList<EnvironmentEntry>? EnvironmentWithoutCpu { get; init; }

    /// <summary>Has the processor itself stop at CPUID; null for breakpoints.</summary>
    internal CpuidFault? Fault { get; init; }

    /// <summary>Does the instructions of all of the job's programs; null for the processor.</summary>
    internal Emulator? Emulator { get; init; }

    /// <summary>Lets the job make namespaces and mounts of its own, as nested container tools need.</summary>
    public bool AllowNesting { get; init; }
}
