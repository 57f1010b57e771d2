using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>A call of ptrace(2) by which a program of the job wants to trace, or to be traced. It waits for our answer.</summary>
/// <param name="Notice">The call, as a listener has told of it.</param>
/// <param name="Listener">Which one: it takes the answer.</param>
internal sealed record DebuggerCall(SeccompNotice Notice, SeccompListener Listener)
{
    /// <summary>Has the kernel begin the call again, once its thread has stopped for us (linux/errno.h). Programs never see it.</summary>
    private const Errno ERESTARTNOINTR = (Errno)513;

    private volatile bool _isTaken;

    public int Caller => Notice.pid;

    public int Request => (int)Notice.args[0];

    /// <summary>As the caller numbers it.</summary>
    public int Target => (int)Notice.args[1];

    /// <summary>Whether the tracer's thread has it.</summary>
    public bool IsTaken => _isTaken;

    public void Take() => _isTaken = true;

    public void Continue() => _ = Listener.TryContinue(Notice.id);

    public void BeginAgain() => _ = Listener.TryFail(Notice.id, ERESTARTNOINTR);
}
