using Provenance.Runtime.Native;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>The whole set-up of a container as a list of system calls, from the clone(2) to the job's execve(2).</summary>
/// <remarks>
/// The child works in a tmpfs of its own, in which <c>/o</c> is the host and <c>/n</c> becomes the container, so that no
/// source of a bind is ever hidden by what has been mounted before. In a pid namespace the first child is process 1: it
/// makes the mounts, gives up its privileges, makes the job's process, and from then on only waits for processes.
/// </remarks>
internal sealed partial class SyscallPlan
{
    private readonly ContainerSpec _spec;
    private readonly HostFacts _facts;
    private readonly MountPlan _mounts;
    private readonly IdentityMap _map;
    private readonly LaunchDescriptors _descriptors;
    private readonly List<SyscallStep> _steps = [];
    private readonly HashSet<SyscallStep> _overlaySteps = [];
    private readonly HashSet<SyscallStep> _procSteps = [];
    private readonly HashSet<SyscallStep> _observingSteps = [];

    /// <param name="spec">Its streams are descriptors that are each the right one already, or above 2.</param>
    /// <param name="program">Path of the program in the container.</param>
    public SyscallPlan(
        ContainerSpec spec, HostFacts facts, MountPlan mounts, IdentityMap map, LaunchDescriptors descriptors,
        string scratchPlace, string program)
    {
        (_spec, _facts, _mounts, _map, _descriptors) = (spec, facts, mounts, map, descriptors);
        var started = new SyscallStep(Syscall.Prctl, null, Processes.PR_SET_PDEATHSIG, Signals.SIGKILL);
        AddClone(started);
        Add(started);
        AddIdentity();
        var oldUmask = new SyscallStep(Syscall.Umask, null, 0);
        Add(new SyscallStep(Syscall.Umask, null, 0x12) { ResultTo = (oldUmask, 0) });
        AddScratchRoot(scratchPlace);
        foreach (var action in mounts.Actions)
            AddMount(action);
        AddEmulator();
        AddNewRoot();
        AddHostname();
        AddOwnId();
        AddPrivileges();
        AddLiveness();
        if (facts.PidNamespace)
            AddInit();
        AddJob(oldUmask, program);
    }

    public IReadOnlyList<SyscallStep> Steps => _steps;

    /// <summary>Receives the process id of the first child, or a negative errno.</summary>
    public byte[] FirstPid { get; } = new byte[sizeof(long)];

    /// <summary>A failure of one of these means that an overlay does not work here.</summary>
    public bool IsOverlayStep(SyscallStep step) => _overlaySteps.Contains(step);

    /// <summary>A failure of one of these means that this kernel gives us no /proc, and so no pid namespace.</summary>
    public bool IsProcStep(SyscallStep step) => _procSteps.Contains(step);

    /// <summary>A failure of one of these means that calls cannot be observed here.</summary>
    public bool IsObservingStep(SyscallStep step) => _observingSteps.Contains(step);

    /// <summary>The first call that an observer is told of, made by the set-up itself; null where there is no observer.</summary>
    public SyscallStep? TrialCall { get; private set; }

    private bool IsObserved => _spec.Observe is not null;

    /// <summary>Without a process tree the job's end is ours to wait for, which its tracer would take away.</summary>
    /// <remarks>A job that makes containers of its own may want a listener, of which there can be one.</remarks>
    public bool IsTraced => (_spec.FollowAll || _spec.Cpu is not null || !_spec.AllowNesting) && _facts.PidNamespace && JobTracer.IsSupported;

    /// <summary>Whether a listener of its own tells of the job's debuggers; the observer's does where there is one.</summary>
    private bool HearsOfDebuggers => _spec.Cpu is null && !IsObserved && !_spec.AllowNesting && SeccompListener.MayContinue;

    private void Add(params ReadOnlySpan<SyscallStep> steps) => _steps.AddRange(steps);
}
