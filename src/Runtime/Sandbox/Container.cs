using System.Runtime.InteropServices;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>A job that runs in its container. Disposing of it before it has ended kills it and all it has started.</summary>
public sealed unsafe class Container : IDisposable
{
    private readonly ContainerSpec _spec;
    private readonly ContainerChild _child;
    private readonly LaunchDescriptors _descriptors;
    private readonly HostFacts _facts;
    private readonly List<string> _notes;
    private readonly TreeCopy? _copy;
    private readonly CallObserver? _observer;
    private readonly TimeProvider _clock;
    private readonly Leftovers? _leftovers;
    private readonly int _pidfd;
    private readonly bool _lacksPidfd;
    private ContainerResult? _result;
    private bool _reaped;

    internal Container(
        ContainerSpec spec, ContainerChild child, LaunchDescriptors descriptors, HostFacts facts, List<string> notes,
        TreeCopy? copy, CallObserver? observer, TimeProvider clock)
    {
        (_spec, _child, _descriptors, _facts) = (spec, child, descriptors, facts);
        (_notes, _copy, _observer, _clock) = (notes, copy, observer, clock);
        // Without a process tree, what the job leaves behind must come to us.
        _leftovers = facts.PidNamespace ? null : Leftovers.Watch(child.JobPid);
        _pidfd = (int)Libc.syscall(Syscall.PidfdOpen.Number, child.JobPid, 0, 0, 0, 0, 0);
        // Before 5.3. Any other error says that the job has ended already.
        _lacksPidfd = _pidfd < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.ENOSYS;
    }

    /// <summary>The job's first process, as the host numbers it.</summary>
    public int Pid => _child.JobPid;

    /// <summary>As <see cref="ContainerResult.NotObserved"/>.</summary>
    public string? NotObserved { get; internal init; }

    /// <summary>As <see cref="ContainerResult.NotPinned"/>.</summary>
    internal string? NotPinned { get; init; }

    /// <summary>Follows the job; null where nobody does.</summary>
    internal JobTracer? Tracer { get; init; }

    /// <summary>Tells of debuggers in the job; null where nobody has to answer them, or the observer does.</summary>
    internal SeccompListener? Debuggers { get; init; }

    /// <summary>Knows what the kernel's log tells of; null where nobody follows the job.</summary>
    internal KernelTrapExplainer? Explainer { get; init; }

    /// <summary>Answers the job's CPUID; null where the processor does.</summary>
    internal CpuidTrap? Trap { get; init; }

    /// <summary>Makes the container and returns when the job's program has begun.</summary>
    /// <remarks>
    /// Call it on a thread that lives until the job has ended, the main one or the one that waits: when the thread
    /// ends, so does the job, since that is how a killed <c>prov</c> leaves nothing running.
    /// </remarks>
    /// <exception cref="CommandException">The program is not there or cannot be executed.</exception>
    /// <exception cref="SyscallException">A step of the set-up failed.</exception>
    /// <exception cref="SandboxException">The container cannot be made as asked for.</exception>
    public static Container Start(ContainerSpec spec, TimeProvider clock) => new ContainerLauncher(spec, clock).Start();

    /// <summary>Waits until the job has ended and nothing of it is left.</summary>
    /// <param name="signals">Forwarded to the job meanwhile; null to forward none.</param>
    public ContainerResult Wait(SignalForwarder? signals = null)
    {
        if (_result is not null)
            return _result;
        var (status, usage) = _facts.PidNamespace ? WaitForInit(signals) : WaitForJob(signals);
        var elapsed = _clock.GetElapsedTime(_child.StartedTimestamp);
        _leftovers?.End();
        _observer?.Finish();
        Tracer?.Finish();
        var illegal = FindIllegal(new ExitStatus(status));
        _result = new ContainerResult
        {
            Status = new ExitStatus(status),
            UserTime = Time(usage.utime_sec, usage.utime_usec),
            SystemTime = Time(usage.stime_sec, usage.stime_usec),
            PeakMemoryBytes = usage.maxrss * 1024,
            StartedAt = _child.StartedAt,
            EndedAt = _child.StartedAt + elapsed,
            Elapsed = elapsed,
            PidNamespace = _facts.PidNamespace,
            Root = _facts.Root,
            Notes = _notes,
            NotObserved = NotObserved,
            NotPinned = NotPinned,
            Illegal = illegal,
            IsIllegalUnexplained = illegal is null && IsBySigill(new ExitStatus(status)) && Tracer?.WasSent != true,
            Cpuid = Trap is null ? null : new CpuidReport(Trap.Planted, Trap.Answered, Trap.Gaps),
        };
        return _result;
    }

    /// <summary>Sends a signal to the job's first process; nothing happens when it has ended.</summary>
    public void Signal(int signal)
    {
        if (_reaped)
            return;
        if (_pidfd >= 0)
            _ = Libc.syscall(Syscall.PidfdSendSignal.Number, _pidfd, signal, 0, 0, 0, 0);
        else if (_lacksPidfd)
            _ = Libc.kill(Pid, signal);
    }

    public void Dispose()
    {
        if (!_reaped)
        {
            Reap(kill: true);
            _leftovers?.End();
        }
        // It may have calls of the observer's listener still to answer.
        Tracer?.Dispose();
        _observer?.Dispose();
        Debuggers?.Dispose();
        _descriptors.Dispose();
        if (_pidfd >= 0)
            _ = Libc.close(_pidfd);
        _copy?.Dispose();
        if (_facts.Root == RootKind.Overlay && _spec.Writable?.UpperFolder is { } upper)
            TreeCopy.TidyOverlay(upper);
    }

    private IllegalInstruction? FindIllegal(ExitStatus status)
    {
        if (Tracer?.Illegal is { } seen)
            return seen;
        bool mayBeLogged = Tracer is { LostSight: true } || (IsBySigill(status) && Tracer?.WasSent != true);
        return mayBeLogged && Tracer?.Log?.ReadTraps() is { Count: > 0 } traps ? Explainer?.Explain(traps, Pid) : null;
    }

    /// <summary>A shell passes on in the same number what a program of its own ended by.</summary>
    private static bool IsBySigill(ExitStatus status) => status.ShellCode == 128 + Signals.SIGILL;

    private (int Status, ResourceUsage Usage) WaitForInit(SignalForwarder? signals)
    {
        WaitReadable(_descriptors.ResultRead, signals);
        byte* result = stackalloc byte[SyscallPlan.ResultBytes];
        nint length = Libc.read(_descriptors.ResultRead, result, (nuint)SyscallPlan.ResultBytes);
        // Process 1 ends right after; when it has, all that the job left behind is gone.
        var (status, usage) = Reap(kill: false);
        // Nothing was written when process 1 itself was killed, as the kernel does when memory is short.
        return length == SyscallPlan.ResultBytes
            ? (*(int*)result, *(ResourceUsage*)(result + sizeof(long)))
            : (status, usage);
    }

    private (int Status, ResourceUsage Usage) WaitForJob(SignalForwarder? signals)
    {
        if (_pidfd >= 0)
            WaitReadable(_pidfd, signals);
        else
            WaitByLooking(signals);
        return Reap(kill: false);
    }

    /// <summary>Waits for a descriptor to become readable or to end, forwarding signals meanwhile.</summary>
    private void WaitReadable(int descriptor, SignalForwarder? signals)
    {
        PollFd* polled = stackalloc PollFd[3];
        polled[0] = new PollFd { fd = descriptor, events = Libc.POLLIN };
        polled[1] = new PollFd { fd = signals?.Descriptor ?? -1, events = Libc.POLLIN };
        polled[2] = new PollFd { fd = Debuggers?.Descriptor ?? -1, events = Libc.POLLIN };
        do
        {
            if (Libc.poll(polled, 3, -1) < 0)
            {
                if ((Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
                    throw SyscallException.FromLastError("poll");
                // What was polled before stands there still.
                polled[0].revents = 0;
                continue;
            }
            if (polled[1].revents != 0)
                signals!.Forward(this);
            if ((polled[2].revents & Libc.POLLIN) != 0)
                AnswerDebugger();
            else if (polled[2].revents != 0)
                polled[2].fd = -1;
        }
        while (polled[0].revents == 0);
    }

    private void AnswerDebugger()
    {
        if (Debuggers!.TryReceive(out var notice) == Errno.None)
            Tracer!.LetGo(new DebuggerCall(notice, Debuggers));
    }

    /// <summary>Before 5.3 the end of a process cannot be polled for.</summary>
    private void WaitByLooking(SignalForwarder? signals)
    {
        const int IntervalMilliseconds = 20;
        string status = $"/proc/{Pid}/stat";
        PollFd polled = new() { fd = signals?.Descriptor ?? -1, events = Libc.POLLIN };
        while (File.Exists(status) && !IsZombie(File.ReadAllText(status)))
        {
            if (Libc.poll(&polled, 1, IntervalMilliseconds) > 0)
                signals!.Forward(this);
        }
    }

    /// <summary>proc_pid_stat(5): the state follows the name, which stands in parentheses and may hold any character.</summary>
    private static bool IsZombie(string stat) => stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart().StartsWith("Z");

    private (int Status, ResourceUsage Usage) Reap(bool kill)
    {
        var ended = _child.Reap(kill);
        _reaped = true;
        return ended;
    }

    private static TimeSpan Time(long seconds, long microseconds) =>
        TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds);
}
