using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>
/// Follows a job's threads and processes with ptrace(2), which stop for nothing but their own beginning and their signals, to say
/// what it was when one of them ends by SIGILL.
/// </summary>
/// <remarks>
/// The kernel knows a tracer by its thread, so one thread does it all. Every stop is answered, whatever goes wrong in looking at it.
/// With a budget, a job that begins many processes or gets many signals is let go again, part by part, before it loses time.
/// </remarks>
internal sealed class JobTracer : IDisposable
{
    private const int ChildOptions = Ptrace.PTRACE_O_TRACEFORK | Ptrace.PTRACE_O_TRACEVFORK | Ptrace.PTRACE_O_TRACECLONE;

    private const int PinOptions = Ptrace.PTRACE_O_TRACESECCOMP | Ptrace.PTRACE_O_TRACEEXEC | Ptrace.PTRACE_O_TRACESYSGOOD;

    /// <summary>What a process costs: its parent's stop, its own first one, its end, and its parent's SIGCHLD.</summary>
    private const int StopsOfAProcess = 4;

    private const int SyscallStop = Signals.SIGTRAP | 0x80, StackBytes = 256 << 10;

    private static readonly TimeSpan WakeAgain = TimeSpan.FromMilliseconds(1);

    private readonly CpuidTrap? _trap;
    private readonly FollowBudget? _budget;
    private readonly SigillExplainer _explainer;
    private readonly TracerHandover _handover = new();
    private readonly ConcurrentQueue<DebuggerCall> _calls = new();

    /// <summary>It is waited for from before the container is made: to spin meanwhile took three milliseconds of a processor.</summary>
    private readonly ManualResetEventSlim _asked = new(initialState: false, spinCount: 0);

    /// <summary>Those whose new processes are not followed, for want of budget.</summary>
    private readonly HashSet<int> _childless = [];
    private readonly Lock _ending = new();
    private readonly Thread _thread;
    private int _job, _tracer;
    private Action<Errno>? _answer;
    private bool _hasEnded;

    /// <param name="trap">What answers CPUID; null leaves it to the processor.</param>
    /// <param name="budget">What following may cost; null for whatever it does.</param>
    /// <param name="isEmulated">All programs of the job are qemu's.</param>
    public JobTracer(CpuidTrap? trap, FollowBudget? budget, bool isEmulated = false)
    {
        _trap = trap;
        _budget = budget;
        _explainer = new SigillExplainer(trap, isEmulated);
        _thread = new Thread(Follow, StackBytes) { IsBackground = true, Name = "tracer" };
        _thread.Start();
    }

    /// <summary>Whether this machine's registers are known to us.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Whether following may be given up.</summary>
    public bool IsBounded => _budget is not null;

    /// <summary>How a process of the job ended by an instruction that this processor refuses; null when none did.</summary>
    public IllegalInstruction? Illegal => _explainer.Illegal;

    /// <summary>Whether a process of the job ended by SIGILL that somebody had sent.</summary>
    public bool WasSent => _explainer.WasSent;

    /// <summary>Whether there were processes or threads that were not followed to their end.</summary>
    public bool LostSight { get; private set; }

    /// <summary>The kernel's log from the job's beginning on; null where nobody asked for the job, or it may not be read.</summary>
    public KernelLog? Log { get; private set; }

    /// <summary>Attaches to the job's first process before its program begins.</summary>
    /// <param name="pid">The process, which waits.</param>
    /// <param name="answer">Called on the tracer's thread: why it is not attached to, or None.</param>
    public void Seize(int pid, Action<Errno> answer)
    {
        (_job, _answer) = (pid, answer);
        _asked.Set();
    }

    /// <summary>Lets go of what a program of the job wants to trace, and then of its call. Any thread may say so.</summary>
    public void LetGo(DebuggerCall call)
    {
        if (_trap is not null || !TryAsk(call))
        {
            call.Continue();
            return;
        }
        while (!call.IsTaken)
        {
            ThreadWaker.Wake(_tracer);
            if (!call.IsTaken)
                Thread.Sleep(WakeAgain);
        }
    }

    /// <summary>Returns when nothing of the job is followed any more.</summary>
    public void Finish()
    {
        _asked.Set();
        _thread.Join();
    }

    public void Dispose()
    {
        Finish();
        Log?.Dispose();
        _asked.Dispose();
    }

    private bool TryAsk(DebuggerCall call)
    {
        lock (_ending)
        {
            if (_hasEnded || _tracer == 0)
                return false;
            _calls.Enqueue(call);
            return true;
        }
    }

    private void Follow()
    {
        _asked.Wait();
        if (_job == 0)
            return;
        Log = KernelLog.TryOpen();
        int options = Ptrace.PTRACE_O_EXITKILL | ChildOptions | (_trap is null ? 0 : PinOptions);
        var outcome = Ptrace.Seize(_job, options);
        if (outcome == Errno.None)
        {
            _explainer.Job = _job;
            _handover.Add(_job);
            _trap?.Begin(_job);
            lock (_ending)
                _tracer = ThreadWaker.Current;
        }
        _answer!(outcome);
        while (outcome == Errno.None && Ptrace.TryWait(out int thread, out int status))
        {
            if (thread > 0 && (status & 0xFF) == 0x7F)
                Answer(thread, (status >> 8) & 0xFF, status >> 16);
            else if (thread > 0)
                End(thread, status);
            TakeCalls();
        }
        lock (_ending)
            _hasEnded = true;
        TakeCalls();
    }

    private void TakeCalls()
    {
        while (_calls.TryDequeue(out var call))
        {
            call.Take();
            _handover.LetGo(call);
        }
    }

    private void End(int thread, int status)
    {
        _trap?.Forget(thread);
        _handover.Forget(thread);
        _childless.Remove(thread);
        _explainer.End(thread, bySigill: (status & 0x7F) == Signals.SIGILL);
    }

    /// <summary>ptrace(2), "Stopped states": an event stands above the signal in the status.</summary>
    private void Answer(int thread, int signal, int eventCode)
    {
        if (_handover.TryDetach(thread, signal, eventCode))
            return;
        switch (eventCode)
        {
            case Ptrace.PTRACE_EVENT_STOP when signal is Signals.SIGSTOP or Signals.SIGTSTP or Signals.SIGTTIN or Signals.SIGTTOU:
                Ptrace.Listen(thread);
                return;
            case Ptrace.PTRACE_EVENT_STOP when _trap is not null && !_trap.Knows(thread):
                // Its parent's event comes as well, and says whose memory it has.
                return;
            case Ptrace.PTRACE_EVENT_STOP:
                _handover.Add(thread);
                Ptrace.Continue(thread);
                return;
            case Ptrace.PTRACE_EVENT_SECCOMP:
                Ptrace.ContinueToSyscall(thread);
                return;
            case Ptrace.PTRACE_EVENT_FORK or Ptrace.PTRACE_EVENT_VFORK or Ptrace.PTRACE_EVENT_CLONE:
                if (Ptrace.TryGetEventMessage(thread, out long child))
                    Begin(thread, (int)child);
                Ptrace.Continue(thread);
                return;
            case Ptrace.PTRACE_EVENT_EXEC when _trap?.Began(thread) == true:
                Ptrace.ContinueToSyscall(thread);
                return;
            case 0:
                AnswerSignal(thread, signal);
                return;
            default:
                Ptrace.Continue(thread);
                return;
        }
    }

    private void Begin(int parent, int child)
    {
        if (_trap is not null)
        {
            _handover.Add(child);
            _trap.Born(parent, child);
            // It may stand there already, having waited for us to hear of it; if not, it is let go when it does.
            Ptrace.Continue(child);
            return;
        }
        if (_budget?.TrySpend(StopsOfAProcess) != false)
        {
            _handover.Add(child);
            return;
        }
        LostSight = true;
        // One that has stopped already, before we heard of it, is followed.
        if (!_handover.Knows(child))
            _handover.LeaveAtStop(child);
        Ptrace.SetOptions(parent, Ptrace.PTRACE_O_EXITKILL);
        _childless.Add(parent);
    }

    private void AnswerSignal(int thread, int signal)
    {
        switch (signal)
        {
            case SyscallStop:
                _trap?.Ended(thread);
                Ptrace.Continue(thread);
                return;
            case Signals.SIGTRAP when _trap is not null && _trap.TryAnswer(thread):
                Ptrace.Continue(thread);
                return;
            case Signals.SIGSEGV when _trap?.TryAnswerFault(thread) == true:
                Ptrace.Continue(thread);
                return;
            case Signals.SIGILL when _explainer.Look(thread):
                // Most end by it. What it costs those that go on by themselves is paid for.
                _ = _budget?.TrySpend(1);
                Ptrace.Continue(thread, signal);
                return;
        }
        if (_budget?.TrySpend(1) == false)
        {
            LostSight = true;
            _childless.Remove(thread);
            _handover.Leave(thread, signal);
            return;
        }
        if (_budget?.IsPlentiful == true && _childless.Remove(thread))
            Ptrace.SetOptions(thread, Ptrace.PTRACE_O_EXITKILL | ChildOptions);
        Ptrace.Continue(thread, signal);
    }
}
