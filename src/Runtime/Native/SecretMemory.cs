using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>Keeps what a process has in memory from others of the same user, from core files, and from swap where the limits allow it.</summary>
internal static class SecretMemory
{
    /// <returns>Why memory can be swapped out all the same (mlock(2), RLIMIT_MEMLOCK); null when it cannot.</returns>
    /// <exception cref="SyscallException">Others could still look at the memory.</exception>
    public static string? Protect()
    {
        // No core file, and no ptrace(2) or /proc/PID/mem but by root.
        if (Libc.prctl(Processes.PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        {
            throw SyscallException.FromLastError("prctl", "PR_SET_DUMPABLE");
        }

        // On fault: the runtime reserves far more than it ever touches.
        return Libc.mlockall(Libc.MCL_CURRENT | Libc.MCL_FUTURE | Libc.MCL_ONFAULT) == 0
            ? null
            : $"mlockall: {(Errno)Marshal.GetLastPInvokeError()}";
    }
}
