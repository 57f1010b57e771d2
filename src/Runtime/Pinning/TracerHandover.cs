using System.Globalization;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Lets go of what a job wants to trace itself: the kernel allows one tracer, and a debugger in the job goes first.</summary>
internal sealed class TracerHandover
{
    private const ulong UserCodeSegment64 = 0x33;

    private readonly HashSet<int> _followed = [];

    /// <summary>Threads that are to be let go when they stop, and who waits for it.</summary>
    private readonly Dictionary<int, int> _wanted = [];

    public void Add(int thread) => _followed.Add(thread);

    public void Forget(int thread)
    {
        _followed.Remove(thread);
        if (_wanted.Remove(thread, out int caller))
            Ptrace.Continue(caller);
    }

    /// <summary>Detaches a thread that has stopped for a signal.</summary>
    public void Leave(int thread, int signal)
    {
        _followed.Remove(thread);
        Ptrace.Detach(thread, signal);
    }

    /// <summary>A thread stands before a call of ptrace(2).</summary>
    public void LetGo(int caller)
    {
        if (!Ptrace.TryGetRegisters(caller, out var registers))
        {
            Ptrace.Continue(caller);
            return;
        }
        // i386 passes its arguments in EBX and ECX.
        bool is64 = registers.cs == UserCodeSegment64;
        int request = (int)(is64 ? registers.rdi : registers.rbx);
        int target = (int)(is64 ? registers.rsi : registers.rcx);
        if (request == Ptrace.PTRACE_TRACEME)
        {
            _followed.Remove(caller);
            Ptrace.Detach(caller, 0);
            return;
        }
        bool attaches = request is Ptrace.PTRACE_ATTACH or Ptrace.PTRACE_SEIZE;
        if (attaches && Find(target) is { } followed && followed != caller && Ptrace.Interrupt(followed) == Errno.None
            && _wanted.TryAdd(followed, caller))
            return;
        Ptrace.Continue(caller);
    }

    /// <summary>Detaches a thread that has stopped, if somebody waits for that.</summary>
    public bool TryDetach(int thread, int signal, int eventCode)
    {
        if (!_wanted.Remove(thread, out int caller))
            return false;
        _followed.Remove(thread);
        Ptrace.Detach(thread, eventCode == 0 ? signal : 0);
        Ptrace.Continue(caller);
        return true;
    }

    /// <summary>proc_pid_status(5): NSpid has the numbers of a process from our namespace inwards.</summary>
    private int? Find(int numberInside)
    {
        string inside = numberInside.ToString(CultureInfo.InvariantCulture);
        foreach (int thread in _followed)
        {
            if (TaskFacts.ReadStatus(thread, "NSpid:")?.Split('\t', ' ')[^1] == inside)
                return thread;
        }
        return null;
    }
}
