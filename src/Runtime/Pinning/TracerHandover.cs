using System.Globalization;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Lets go of what a job wants to trace itself: the kernel allows one tracer, and a debugger in the job goes first.</summary>
/// <remarks>
/// A debugger is let go as well, before anything it traces: it gets a SIGCHLD for each stop of its own, and each would stop it for us.
/// All of it happens on the tracer's thread.
/// </remarks>
internal sealed class TracerHandover
{
    private readonly HashSet<int> _followed = [];

    /// <summary>Threads that are to be let go when they stop, and the calls that wait for it.</summary>
    private readonly Dictionary<int, List<DebuggerCall>> _wanted = [];

    public bool Knows(int thread) => _followed.Contains(thread);

    public void Add(int thread) => _followed.Add(thread);

    public void Forget(int thread)
    {
        _followed.Remove(thread);
        Answer(thread);
    }

    /// <summary>Detaches a thread that has stopped for a signal.</summary>
    public void Leave(int thread, int signal)
    {
        Ptrace.Detach(thread, signal);
        Forget(thread);
    }

    /// <summary>Detaches a thread when it stops next, which it will soon.</summary>
    public void LeaveAtStop(int thread) => _wanted.TryAdd(thread, []);

    /// <summary>A program of the job asks for a thread.</summary>
    public void LetGo(DebuggerCall call)
    {
        if (_followed.Contains(call.Caller) && TryInterrupt(call.Caller))
        {
            _wanted.TryAdd(call.Caller, []);
            call.BeginAgain();
        }
        else if (call.Request != Ptrace.PTRACE_TRACEME && Find(call) is { } target && TryInterrupt(target))
        {
            _wanted.TryAdd(target, []);
            _wanted[target].Add(call);
        }
        else
        {
            call.Continue();
        }
    }

    /// <summary>Detaches a thread that has stopped, if it is to be let go.</summary>
    public bool TryDetach(int thread, int signal, int eventCode)
    {
        if (!_wanted.ContainsKey(thread))
            return false;
        Leave(thread, eventCode == 0 ? signal : 0);
        return true;
    }

    private static bool TryInterrupt(int thread) => Ptrace.Interrupt(thread) == Errno.None;

    private void Answer(int thread)
    {
        if (!_wanted.Remove(thread, out var calls))
            return;
        foreach (var call in calls)
            call.Continue();
    }

    /// <summary>proc_pid_status(5): NSpid has the numbers of a thread from our namespace inwards.</summary>
    private int? Find(DebuggerCall call)
    {
        string target = call.Target.ToString(CultureInfo.InvariantCulture);
        int depth = NumbersOf(call.Caller).Length;
        foreach (int thread in _followed)
        {
            if (NumbersOf(thread) is var numbers && numbers.Length >= depth && depth > 0 && numbers[depth - 1] == target)
                return thread;
        }
        return null;
    }

    private static string[] NumbersOf(int thread) =>
        TaskFacts.ReadStatus(thread, "NSpid:")?.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
}
