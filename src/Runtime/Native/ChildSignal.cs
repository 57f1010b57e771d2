using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Passes on to a child what was sent to us: kill(2).</summary>
public static class ChildSignal
{
    /// <param name="pid">A child that was not waited for yet.</param>
    /// <param name="signal">SIGTERM or SIGHUP. A child that has ended meanwhile is no error.</param>
    public static void Send(int pid, PosixSignal signal) =>
        _ = Libc.kill(pid, signal == PosixSignal.SIGHUP ? Signals.SIGHUP : Signals.SIGTERM);
}
