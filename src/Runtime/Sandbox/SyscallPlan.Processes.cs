using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>The processes: the clones, process 1, and the job.</summary>
internal sealed partial class SyscallPlan
{
    /// <summary>What process 1 writes when the job has ended: a status word, padding, and a struct rusage.</summary>
    public static readonly int ResultBytes = sizeof(long) + Unsafe.SizeOf<ResourceUsage>();

    /// <summary>The index by which the job says that it is about to begin, where a failed step would have its own.</summary>
    public const int AboutToBegin = -1;

    /// <summary>The same with which the listener of the observer's filter comes.</summary>
    public const int Observable = -2;

    /// <summary>The same with which the job asks to be followed, and waits for the answer.</summary>
    public const int Traceable = -3;

    /// <summary>The answer to <see cref="Traceable"/>, by its length in bytes.</summary>
    public const int FollowedAnswer = 1, NotFollowedAnswer = 2;

    private static readonly byte[] AllSignals = [.. Enumerable.Repeat((byte)0xFF, Processes.SignalSetBytes)];
    private static readonly byte[] NoSignals = new byte[Processes.SignalSetBytes];

    private SyscallStep? _initLow;
    private SyscallStep? _initHigh;
    private SyscallStep[] _unregister = [];

    /// <summary>What process 1 gives up is known only when the program has its place in memory.</summary>
    public void Place(SyscallProgram program)
    {
        if (_initLow is null || _initHigh is null)
            return;
        if (RestartableSequences.Offset is { } offset)
        {
            foreach (var step in _unregister)
                program.Patch(step, 0, program.ThreadPointer() + offset);
        }
        program.Patch(_initLow, 1, program.Address);
        program.Patch(_initHigh, 0, program.Address + program.Length);
        program.Patch(_initHigh, 1, HighestAddress - program.Address - program.Length);
    }

    // The end of what mmap(2) gives without being asked for more: 47 bits of x86-64 less a page, 48 bits of arm64.
    private static long HighestAddress =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (1L << 47) - 4096 : 1L << 48;

    /// <summary>Runs in the parent. No signal may be handled in the child while it still has the parent's handlers.</summary>
    private void AddClone(SyscallStep child)
    {
        byte[] mask = new byte[Processes.SignalSetBytes];
        long flags = Processes.CLONE_NEWUSER | Processes.CLONE_NEWNS | Signals.SIGCHLD
            | (_facts.PidNamespace ? Processes.CLONE_NEWPID : 0)
            | (_spec.Network == ContainerNetwork.None ? Processes.CLONE_NEWNET : 0)
            | (_spec.Hostname is null ? 0 : Processes.CLONE_NEWUTS);
        var restore = Mask(mask, null);
        Add(
            Mask(AllSignals, mask),
            new SyscallStep(Syscall.Clone, null, flags, 0, 0, 0, 0)
            { Match = 0, OnMatch = child, OnError = restore, StoreAt = FirstPid },
            restore,
            new SyscallStep(Syscall.Return, null));
    }

    /// <summary>The parent may have ended before PDEATHSIG was set: then nobody reads the result any more.</summary>
    private void AddLiveness()
    {
        var exit = Exit();
        var alive = new SyscallStep(Syscall.Chdir, "/", "/");
        byte[] poll = new byte[Unsafe.SizeOf<PollFd>()];
        BinaryPrimitives.WriteInt32LittleEndian(poll, _descriptors.ResultWrite);
        Add(
            new SyscallStep(Syscall.Close, null, _descriptors.ResultRead),
            new SyscallStep(Syscall.Ppoll, null, poll, 1, new byte[2 * sizeof(long)], 0, Processes.SignalSetBytes)
            { Match = 0, OnMatch = alive, OnSuccess = exit },
            exit,
            alive);
    }

    private void AddInit()
    {
        byte[] result = new byte[ResultBytes];
        var hello = Hello();
        var report = new SyscallStep(Syscall.Write, null, _descriptors.ResultWrite, result, result.Length);
        var wait = new SyscallStep(
            Syscall.Wait4, null, -1, result, Libc.__WALL, new StepArgument(sizeof(long), result))
        { OnMatch = report };
        wait.OnSuccess = wait;
        wait.OnError = report;
        _initLow = new SyscallStep(Syscall.Munmap, null, 0, 0) { IgnoreError = true };
        _initHigh = new SyscallStep(Syscall.Munmap, null, 0, 0) { IgnoreError = true };
        // The parent's memory goes first: its keys must not lie about in there, and it would count as the job's.
        var clone = new SyscallStep(Syscall.Clone, null, Signals.SIGCHLD, 0, 0, 0, 0)
        { Match = 0, OnMatch = hello, ResultToMatch = wait };
        _unregister = RestartableSequences.Offset is null ? [] : Unregister(_initLow, clone);
        // Nobody may look into process 1; the job's exec makes the job itself an ordinary process again.
        Add(
            Ignored(Syscall.Prctl, Processes.PR_SET_DUMPABLE, 0),
            Ignored(Syscall.Prctl, Processes.PR_SET_NAME, "prov-init"));
        Add([.. _unregister, _initLow, _initHigh, clone]);
        AddLetGo();
        Add(wait, report, Exit(), hello);
    }

    /// <summary>With a length that libc may have registered; when it is none of them, the memory is kept after all.</summary>
    private static SyscallStep[] Unregister(SyscallStep giveUp, SyscallStep keep)
    {
        long[] lengths = [RestartableSequences.LeastBytes, RestartableSequences.AdvertisedBytes];
        var steps = lengths.Select(length => new SyscallStep(
            Syscall.Rseq, null, 0, length, RestartableSequences.RSEQ_FLAG_UNREGISTER, RestartableSequences.Signature)
        { OnSuccess = giveUp }).ToArray();
        steps[0].OnError = steps[1];
        steps[1].OnError = keep;
        return steps;
    }

    /// <summary>Process 1 keeps none of the parent's descriptors, whose readers wait for their end.</summary>
    private void AddLetGo()
    {
        int kept = _descriptors.ResultWrite;
        Add(
            Ignored(Syscall.CloseRange, 0, kept - 1, 0),
            Ignored(Syscall.CloseRange, kept + 1, uint.MaxValue, 0),
            // Kernels before 5.9 have no such call; what matters most then is closed one by one.
            Ignored(Syscall.Close, 0),
            Ignored(Syscall.Close, 1),
            Ignored(Syscall.Close, 2),
            Ignored(Syscall.Close, _descriptors.ReportWrite));
        if (_spec.Streams.Feeding >= 0)
            Add(Ignored(Syscall.Close, _spec.Streams.Feeding));
    }

    private void AddJob(SyscallStep umask, string program)
    {
        foreach (int signal in Dispositions.Changed())
            Add(new SyscallStep(
                Syscall.RtSigaction, null, signal, new byte[Unsafe.SizeOf<SignalAction>()], 0, Processes.SignalSetBytes));
        int[] streams = [_spec.Streams.Input, _spec.Streams.Output, _spec.Streams.Error];
        for (int i = 0; i < streams.Length; i++)
        {
            if (streams[i] != i)
                Add(new SyscallStep(Syscall.Dup3, $"{streams[i]}", streams[i], i, 0));
        }
        Add(umask);
        if (_spec.Umask is { } asked)
            Add(new SyscallStep(Syscall.Umask, null, (long)asked));
        foreach (var limit in _spec.Limits)
            Add(ResourceLimits.Step(limit));
        Add(
            new SyscallStep(Syscall.Chdir, _spec.WorkingDirectory, _mounts.WorkingDirectory),
            Mask(NoSignals, null));
        if (IsTraced)
            AddTracing();
        if (IsObserved)
            AddListener();
        Add(
            new SyscallStep(
                Syscall.Execve, program, program, StepArgument.Vector(_spec.Argv),
                StepArgument.Vector([.. _spec.Environment.Select(entry => entry.ToString())])));
    }

    /// <summary>
    /// From the filter on, every call that is observed waits until the parent, to which its listener is sent, answers it.
    /// The first is a trial: it fails where the parent cannot let a call go on (before 5.5), or cannot look at the job.
    /// </summary>
    private void AddListener()
    {
        var filter = StepArgument.Filter(
            CallTable.Filter(RuntimeInformation.ProcessArchitecture, IsTraced ? [TracedCalls.Debuggers] : []));
        const int Flags = Processes.SECCOMP_FILTER_FLAG_NEW_LISTENER | Processes.SECCOMP_FILTER_FLAG_SPEC_ALLOW;
        var message = new DescriptorMessage(Message(Observable));
        var send = new SyscallStep(
            Syscall.Sendmsg, "listener", _descriptors.ReportWrite, StepArgument.Message(message), 0);
        var plain = new SyscallStep(Syscall.Seccomp, "listener", Processes.SECCOMP_SET_MODE_FILTER, Flags, filter)
        { StoreIn = message };
        // 5.19: signals that are not fatal, such as those of Go's scheduler, do not begin an observed call again and again.
        var killable = new SyscallStep(
            Syscall.Seccomp, "listener", Processes.SECCOMP_SET_MODE_FILTER,
            Flags | Processes.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, filter)
        { StoreIn = message, OnSuccess = send, OnError = plain };
        TrialCall = new SyscallStep(
            Syscall.Openat, "observed call", Libc.AT_FDCWD, "/", Files.O_PATH | Files.O_CLOEXEC, 0);
        _observingSteps.UnionWith([killable, plain, send, TrialCall]);
        // There is nothing of the parent's in this process any more: whoever keeps it may look at it.
        Add(Ignored(Syscall.Prctl, Processes.PR_SET_DUMPABLE, 1), killable, plain, send, TrialCall);
    }

    /// <summary>
    /// Asks to be followed, and waits for the answer. A filter tells of debuggers, of which there must be no more than we can answer;
    /// one whose calls stop for a tracer, and fail where there is none, is put in only when it is said that there is.
    /// </summary>
    private void AddTracing()
    {
        byte[] answer = new byte[NotFollowedAnswer];
        var message = new DescriptorMessage(Message(Traceable));
        // Has no effect of its own, and is where what follows is passed over.
        var end = Ignored(Syscall.Prctl, Processes.PR_SET_DUMPABLE, 1);
        var read = new SyscallStep(Syscall.Read, null, _descriptors.ReportWrite, answer, answer.Length)
        { Match = FollowedAnswer, OnError = end };
        var ask = Ignored(Syscall.Write, _descriptors.ReportWrite, Message(Traceable), DescriptorMessage.ContentBytes);
        var send = new SyscallStep(Syscall.Sendmsg, null, _descriptors.ReportWrite, StepArgument.Message(message), 0)
        { OnSuccess = read, OnError = read };
        // There is nothing of the parent's in this process any more: whoever keeps it may look at it.
        Add(Ignored(Syscall.Prctl, Processes.PR_SET_DUMPABLE, 1));
        if (HearsOfDebuggers)
        {
            Add(
                new SyscallStep(
                    Syscall.Seccomp, "tracer", Processes.SECCOMP_SET_MODE_FILTER,
                    Processes.SECCOMP_FILTER_FLAG_NEW_LISTENER | Processes.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                    StepArgument.Filter(TracedCalls.DebuggerFilter()))
                { StoreIn = message, OnError = ask },
                send);
        }
        Add(ask, read);
        if (_spec.Cpu is not null)
            AddPinning(read, end);
        Add(end);
    }

    /// <summary>A job that is not followed would see the wrong processor: it does not begin.</summary>
    private void AddPinning(SyscallStep read, SyscallStep end)
    {
        var exit = Exit();
        (read.OnSuccess, read.OnError, read.OnMatch) = (exit, exit, end);
        Add(exit);
        if (_spec.Fault is null)
            AddCodeFilter(read);
    }

    private void AddCodeFilter(SyscallStep read)
    {
        var filter = new SyscallStep(
            Syscall.Seccomp, "tracer", Processes.SECCOMP_SET_MODE_FILTER, Processes.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
            StepArgument.Filter(TracedCalls.CodeFilter()));
        read.OnMatch = filter;
        Add(filter);
    }

    private static byte[] Message(int index)
    {
        byte[] message = new byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(message, index);
        return message;
    }

    private SyscallStep Hello()
    {
        byte[] message = Message(AboutToBegin);
        return new SyscallStep(Syscall.Write, null, _descriptors.ReportWrite, message, message.Length);
    }

    private static SyscallStep Mask(byte[] set, byte[]? old) => new(
        Syscall.RtSigprocmask, null, Processes.SIG_SETMASK, set, old is null ? 0 : old, Processes.SignalSetBytes);

    private static SyscallStep Ignored(Syscall call, params StepArgument[] arguments) =>
        new(call, null, arguments) { IgnoreError = true };

    private static SyscallStep Exit() => new(Syscall.ExitGroup, null, SyscallProgram.FailureExitCode);
}
