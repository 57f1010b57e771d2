using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Which signals this process has changed its mind about, so that a job gets them as they were.</summary>
internal static unsafe class Dispositions
{
    /// <summary>Highest signal number, the last real-time one.</summary>
    public const int Last = 64;

    /// <summary>
    /// Those with a handler, and SIGPIPE, which .NET ignores at its start and exec(2) would keep ignored. Others that
    /// are ignored were so before us (nohup), and stay so.
    /// </summary>
    public static IEnumerable<int> Changed() => Enumerable.Range(1, Last)
        .Where(signal => signal is not (Signals.SIGKILL or Signals.SIGSTOP))
        .Where(signal => signal == Signals.SIGPIPE || Get(signal).handler is not ((nint)Processes.SIG_DFL or (nint)Processes.SIG_IGN));

    public static SignalAction Get(int signal)
    {
        SignalAction action = default;
        Check(signal, 0, (nint)(&action));
        return action;
    }

    public static void Set(int signal, SignalAction action) => Check(signal, (nint)(&action), 0);

    private static void Check(int signal, nint act, nint old)
    {
        if (Libc.syscall(Syscall.RtSigaction.Number, signal, act, old, Processes.SignalSetBytes, 0, 0) != 0)
            throw SyscallException.FromLastError("rt_sigaction", $"{signal}");
    }
}
