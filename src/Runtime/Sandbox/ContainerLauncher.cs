using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>Starts a container; where this host forbids a part that can be done without, starts it without, and notes it.</summary>
internal sealed class ContainerLauncher(ContainerSpec spec, TimeProvider clock)
{
    // Any folder that exists on the host and that /o, /n and /r can be made below, in a tmpfs of the child's own.
    private static readonly string[] ScratchPlaces = ["/tmp", "/mnt", "/run", "/var"];

    private readonly HostTree _host = new();
    private readonly List<string> _notes = [];
    private ContainerSpec _spec = spec;
    private TreeCopy? _copy;
    private string? _notObserved;
    private string? _notPinned;

    public Container Start()
    {
        CheckRequest();
        var facts = HostFacts.Read(_spec);
        var map = IdentityMap.For(_spec.User);
        if (_spec.User.Groups.Count > 0 && !map.FromOutside)
            _notes.Add($"the job lacks the further groups of user '{_spec.User.Name}': only root can give them");
        using var streams = new StreamDescriptors(_spec.Streams);
        _spec = _spec with { Streams = streams.Streams };
        try
        {
            while (true)
            {
                var launch = Launch(facts, map);
                if (launch.Container is { } container)
                    return container;
                if (launch.Failure is not null)
                    facts = Weaken(facts, launch);
            }
        }
        catch
        {
            _copy?.Dispose();
            throw;
        }
    }

    private void CheckRequest()
    {
        if (_spec.Argv.Count == 0)
            throw new SandboxException("no command");
        if (!_spec.Rootfs.StartsWith('/'))
            throw new SandboxException($"image '{_spec.Rootfs}': expected an absolute path");
        if (_spec.Writable?.UpperFolder is not { } upper)
            return;
        Directory.CreateDirectory(Path.Combine(upper, "upper"));
        Directory.CreateDirectory(Path.Combine(upper, "work"));
    }

    private LaunchOutcome Launch(HostFacts facts, IdentityMap map)
    {
        var mounts = MountPlan.Compute(_spec, facts, _host);
        string program = new ProgramFinder(mounts.View, mounts.WorkingDirectory).Find(_spec.Argv[0], _spec.Environment);
        string place = ScratchPlaces.FirstOrDefault(path => _host.Look(path).Kind == FileKind.Folder)
            ?? throw new SandboxException($"host: has none of the folders {string.Join(", ", ScratchPlaces)}");
        using var emulator = _spec.Emulator?.Copy();
        var descriptors = new LaunchDescriptors(barrier: map.FromOutside) { Emulator = (int?)emulator?.DangerousGetHandle() ?? -1 };
        var observer = _spec.Observe is { } told ? new CallObserver(told, _spec.User.Uid == 0, _spec.AllowNesting) : null;
        JobTracer? tracer = null;
        try
        {
            var plan = new SyscallPlan(_spec, facts, mounts, map, descriptors, place, program);
            var trap = _spec.Cpu is { } cpu ? new CpuidTrap(cpu, _spec.Fault) : null;
            var budget = trap is not null || _spec.FollowAll ? null : new FollowBudget(clock);
            tracer = plan.IsTraced ? new JobTracer(trap, budget, _spec.Emulator is not null) : null;
            observer?.Others = tracer is null ? null : DebuggersFor(tracer);
            var child = new ContainerChild(plan, descriptors, map, observer, tracer, clock);
            if (child.Start() is { } failure)
            {
                tracer?.Dispose();
                child.Debuggers?.Dispose();
                _notObserved ??= observer?.Obstacle;
                observer?.Dispose();
                return new LaunchOutcome(null, plan, failure);
            }
            if (_spec.Cpu is not null && child.NotTraced != Errno.None)
            {
                child.Reap(kill: true);
                tracer?.Dispose();
                observer?.Dispose();
                descriptors.Dispose();
                DoWithoutCpu(child.NotTraced);
                return new LaunchOutcome(null, plan, null);
            }
            var container = new Container(_spec, child, descriptors, facts, _notes, _copy, observer, clock)
            {
                NotObserved = _notObserved,
                NotPinned = _notPinned,
                Tracer = tracer,
                Trap = trap,
                Debuggers = child.Debuggers,
                Explainer = tracer is null ? null : new KernelTrapExplainer(mounts.View, _spec, mounts.WorkingDirectory),
            };
            return new LaunchOutcome(container, plan, null);
        }
        catch
        {
            tracer?.Dispose();
            observer?.Dispose();
            descriptors.Dispose();
            throw;
        }
    }

    private static Func<SeccompNotice, SeccompListener, bool> DebuggersFor(JobTracer tracer) => (notice, listener) =>
    {
        bool isTheirs = TracedCalls.IsDebugger(notice.arch, notice.nr);
        if (isTheirs)
            tracer.LetGo(new DebuggerCall(notice, listener));
        return isTheirs;
    };

    /// <summary>An explanation can be done without; a processor that was promised cannot, but where something else is in its place.</summary>
    private void DoWithoutCpu(Errno? notTraced)
    {
        string reason = notTraced is { } errno
            ? new SyscallException("ptrace", "the job", errno).Message
            : "CPUID of the job: cannot be answered here, without a process tree of its own or on this architecture";
        _notPinned = reason;
        _spec = _spec with { Cpu = null, Environment = _spec.EnvironmentWithoutCpu ?? throw new SandboxException(reason) };
    }

    /// <summary>What to do without, given what has failed; throws when nothing is left.</summary>
    private HostFacts Weaken(HostFacts facts, LaunchOutcome outcome)
    {
        var failure = outcome.Failure!;
        bool isClone = failure.Step.Call == Syscall.Clone;
        if (outcome.Plan.IsProcStep(failure.Step) || (isClone && facts.PidNamespace && MayBePidNamespace(failure.Errno)))
        {
            _notes.Add($"no process tree of its own: {failure.ToException().Message}; what the job leaves behind in the "
                + "background may outlive a killed prov");
            return facts with { PidNamespace = false };
        }
        if (outcome.Plan.IsObservingStep(failure.Step))
        {
            _notObserved = $"calls are not observed: {_notObserved ?? failure.ToException().Message}";
            _spec = _spec with { Observe = null };
            return facts;
        }
        if (outcome.Plan.IsOverlayStep(failure.Step) && _spec.Writable is { UpperFolder: null } writable)
        {
            _notes.Add($"no overlay: {failure.ToException().Message}; the image was copied");
            _copy = TreeCopy.Make(_spec.Rootfs, writable.CopyFolder);
            _spec = _spec with { Rootfs = _copy.Root };
            return facts with { Root = RootKind.Copy };
        }
        if (failure.Step.Call == Syscall.Execve)
        {
            throw new CommandException(
                failure.Errno == Errno.ENOENT ? CommandException.NotFound : CommandException.CannotExecute,
                failure.ToException().Message);
        }
        throw failure.ToException();
    }

    /// <summary>ENOSPC: max_pid_namespaces or too deep; EINVAL: not in this kernel. EPERM is about user namespaces.</summary>
    private static bool MayBePidNamespace(Errno errno) => errno is Errno.ENOSPC or Errno.EINVAL;

    /// <summary>One attempt: a container, or the step that failed, or neither when it is to be tried again with another specification.</summary>
    private sealed record LaunchOutcome(Container? Container, SyscallPlan Plan, StepFailure? Failure);
}
