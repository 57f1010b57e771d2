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
/// A job that traces itself (a debugger, strace) is let go: the filter of <see cref="Sandbox.SyscallPlan"/> stops at ptrace(2).
/// </remarks>
internal sealed class JobTracer : IDisposable
{
    private const int FollowOptions = Ptrace.PTRACE_O_TRACEFORK | Ptrace.PTRACE_O_TRACEVFORK | Ptrace.PTRACE_O_TRACECLONE
        | Ptrace.PTRACE_O_TRACESECCOMP | Ptrace.PTRACE_O_EXITKILL;

    private const int PinOptions = Ptrace.PTRACE_O_TRACEEXEC | Ptrace.PTRACE_O_TRACESYSGOOD;

    /// <summary>A thread that gets more than these, as from a timer that profiles, would stop for each: it is let go instead.</summary>
    private const int MostSignals = 500;

    private const int SyscallStop = Signals.SIGTRAP | 0x80;

    private readonly CpuidTrap? _trap;
    private readonly SigillExplainer _explainer;
    private readonly TracerHandover _handover = new();
    private readonly ManualResetEventSlim _asked = new();
    private readonly ManualResetEventSlim _answered = new();
    private readonly Dictionary<int, int> _signals = [];
    private readonly Thread _thread;
    private int _job;
    private Errno _outcome = Errno.None;

    /// <param name="trap">What answers CPUID; null leaves it to the processor.</param>
    public JobTracer(CpuidTrap? trap)
    {
        _trap = trap;
        _explainer = new SigillExplainer(trap);
        _thread = new Thread(Follow) { IsBackground = true, Name = "tracer" };
        _thread.Start();
    }

    /// <summary>Whether this machine's registers are known to us.</summary>
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>How a process of the job ended by an instruction that this processor refuses; null when none did.</summary>
    public IllegalInstruction? Illegal => _explainer.Illegal;

    /// <summary>Attaches to the job's first process before its program begins.</summary>
    /// <returns>Why not: another tracer, or a system that forbids it.</returns>
    public Errno Seize(int pid)
    {
        _job = pid;
        _asked.Set();
        _answered.Wait();
        return _outcome;
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
        _asked.Dispose();
        _answered.Dispose();
    }

    private void Follow()
    {
        _asked.Wait();
        if (_job == 0)
            return;
        _outcome = Ptrace.Seize(_job, _trap is null ? FollowOptions : FollowOptions | PinOptions);
        _explainer.Job = _job;
        _handover.Add(_job);
        _trap?.Begin(_job);
        bool attached = _outcome == Errno.None;
        _answered.Set();
        while (attached && Ptrace.TryWait(out int thread, out int status))
        {
            if ((status & 0xFF) == 0x7F)
                Answer(thread, (status >> 8) & 0xFF, status >> 16);
            else
                End(thread, status);
        }
    }

    private void End(int thread, int status)
    {
        _trap?.Forget(thread);
        _handover.Forget(thread);
        _signals.Remove(thread);
        if ((status & 0x7F) == Signals.SIGILL)
            _explainer.Confirm(thread);
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
            case Ptrace.PTRACE_EVENT_SECCOMP when _trap is not null:
                Ptrace.ContinueToSyscall(thread);
                return;
            case Ptrace.PTRACE_EVENT_SECCOMP:
                _handover.LetGo(thread);
                return;
            case Ptrace.PTRACE_EVENT_FORK or Ptrace.PTRACE_EVENT_VFORK or Ptrace.PTRACE_EVENT_CLONE:
                if (Ptrace.TryGetEventMessage(thread, out long child))
                    Begin(thread, (int)child);
                Ptrace.Continue(thread);
                return;
            case Ptrace.PTRACE_EVENT_EXEC:
                _trap?.Began(thread);
                Ptrace.Continue(thread);
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
        if (_trap is null)
        {
            _handover.Add(child);
            return;
        }
        _trap.Born(parent, child);
        // It may stand there already, having waited for us to hear of it; if not, it is let go when it does.
        Ptrace.Continue(child);
    }

    private void AnswerSignal(int thread, int signal)
    {
        switch (signal)
        {
            case SyscallStop:
                _trap?.Mapped(thread);
                Ptrace.Continue(thread);
                return;
            case Signals.SIGTRAP when _trap is not null && _trap.TryAnswer(thread):
                Ptrace.Continue(thread);
                return;
            case Signals.SIGILL:
                _explainer.Look(thread);
                break;
        }
        int before = _signals.GetValueOrDefault(thread);
        _signals[thread] = before + 1;
        if (_trap is null && before >= MostSignals)
            _handover.Leave(thread, signal);
        else
            Ptrace.Continue(thread, signal);
    }
}
