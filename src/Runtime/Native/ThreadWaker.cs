namespace Provenance.Runtime.Native;

/// <summary>Makes a system call that a thread of ours waits in fail with EINTR.</summary>
/// <remarks>By a signal whose handler does nothing: SIGSYS, which only a filter would send us, and we have none.</remarks>
internal static unsafe class ThreadWaker
{
    private static readonly Lock Guard = new();
    private static bool _isReady;

    /// <summary>The number of the calling thread: gettid(2).</summary>
    public static int Current => (int)Libc.syscall(Syscall.Gettid.Number, 0, 0, 0, 0, 0, 0);

    /// <summary>The thread may not wait yet: then nothing happens, and it has to be woken again.</summary>
    public static void Wake(int thread)
    {
        Prepare();
        _ = Libc.syscall(Syscall.Tgkill.Number, Environment.ProcessId, thread, Signals.SIGSYS, 0, 0, 0);
    }

    private static void Prepare()
    {
        lock (Guard)
        {
            if (_isReady)
                return;
            // Its pipe is none: it writes nowhere, and returns.
            nint code = SignalCode.Map(-1);
            // Without SA_RESTART, which would begin the call again.
            var action = new SignalAction
            {
                handler = code,
                flags = (nuint)(Processes.SA_SIGINFO | Processes.SA_RESTORER),
                restorer = code + StubCode.RestorerOffset,
            };
            _ = Libc.syscall(Syscall.RtSigaction.Number, Signals.SIGSYS, (nint)(&action), 0, Processes.SignalSetBytes, 0, 0);
            _isReady = true;
        }
    }
}
