using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>ptrace(2) and the waiting that goes with it. Every call must come from the thread that attached.</summary>
internal static unsafe partial class Ptrace
{
    public const int PTRACE_TRACEME = 0, PTRACE_POKETEXT = 4, PTRACE_CONT = 7, PTRACE_GETREGS = 12, PTRACE_SETREGS = 13;
    public const int PTRACE_ATTACH = 16, PTRACE_DETACH = 17, PTRACE_SYSCALL = 24;
    public const int PTRACE_SETOPTIONS = 0x4200, PTRACE_GETEVENTMSG = 0x4201, PTRACE_GETSIGINFO = 0x4202;
    public const int PTRACE_SEIZE = 0x4206, PTRACE_INTERRUPT = 0x4207, PTRACE_LISTEN = 0x4208;

    public const int PTRACE_O_TRACESYSGOOD = 1, PTRACE_O_TRACEFORK = 2, PTRACE_O_TRACEVFORK = 4, PTRACE_O_TRACECLONE = 8;
    public const int PTRACE_O_TRACEEXEC = 0x10, PTRACE_O_TRACESECCOMP = 0x80, PTRACE_O_EXITKILL = 0x100000;

    public const int PTRACE_EVENT_FORK = 1, PTRACE_EVENT_VFORK = 2, PTRACE_EVENT_CLONE = 3, PTRACE_EVENT_EXEC = 4;
    public const int PTRACE_EVENT_SECCOMP = 7, PTRACE_EVENT_STOP = 128;

    /// <summary>Only children and tracees of the calling thread.</summary>
    public const int __WNOTHREAD = 0x20000000;

    /// <summary>Attaches without stopping: to a process that runs.</summary>
    public static Errno Seize(int pid, int options) => Call(PTRACE_SEIZE, pid, 0, options);

    /// <summary>Lets a stopped thread go on, with a signal or 0.</summary>
    public static void Continue(int thread, int signal = 0) => _ = Call(PTRACE_CONT, thread, 0, signal);

    /// <summary>Lets a stopped thread go on until its system call has ended.</summary>
    public static void ContinueToSyscall(int thread) => _ = Call(PTRACE_SYSCALL, thread, 0, 0);

    /// <summary>Leaves a thread whose group is stopped in that state, and still hears of it.</summary>
    public static void Listen(int thread) => _ = Call(PTRACE_LISTEN, thread, 0, 0);

    public static Errno Interrupt(int thread) => Call(PTRACE_INTERRUPT, thread, 0, 0);

    public static void Detach(int thread, int signal) => _ = Call(PTRACE_DETACH, thread, 0, signal);

    /// <summary>What came with the last event: the number of a new thread.</summary>
    public static bool TryGetEventMessage(int thread, out long message)
    {
        long value = 0;
        bool got = Call(PTRACE_GETEVENTMSG, thread, 0, (nint)(&value)) == Errno.None;
        message = value;
        return got;
    }

    /// <summary>The signal at which the thread stands.</summary>
    public static bool TryGetSignal(int thread, out SignalInfo signal)
    {
        SignalInfo value = default;
        bool got = Call(PTRACE_GETSIGINFO, thread, 0, (nint)(&value)) == Errno.None;
        signal = value;
        return got;
    }

    /// <summary>On x86-64 alone.</summary>
    public static bool TryGetRegisters(int thread, out UserRegisters registers)
    {
        UserRegisters value = default;
        bool got = Call(PTRACE_GETREGS, thread, 0, (nint)(&value)) == Errno.None;
        registers = value;
        return got;
    }

    /// <inheritdoc cref="TryGetRegisters"/>
    public static void SetRegisters(int thread, UserRegisters registers) =>
        _ = Call(PTRACE_SETREGS, thread, 0, (nint)(&registers));

    /// <summary>Writes eight bytes, also where the program itself may only execute.</summary>
    public static bool TryWrite(int thread, ulong address, ulong word) =>
        Call(PTRACE_POKETEXT, thread, (nint)address, (nint)word) == Errno.None;

    /// <summary>For a stopped thread, and those it makes from now on.</summary>
    public static void SetOptions(int thread, int options) => _ = Call(PTRACE_SETOPTIONS, thread, 0, options);

    /// <summary>Waits for the next thread of this thread's own that stops or ends, or until somebody wakes us.</summary>
    /// <param name="thread">Which one; 0 when we were woken, or there is none left.</param>
    /// <param name="status">As wait(2) has it.</param>
    /// <returns>False when there is none left.</returns>
    public static bool TryWait(out int thread, out int status)
    {
        int word = 0;
        thread = Libc.wait4(-1, &word, Libc.__WALL | __WNOTHREAD, null);
        status = word;
        if (thread > 0)
            return true;
        thread = 0;
        return (Errno)Marshal.GetLastPInvokeError() == Errno.EINTR;
    }

    private static Errno Call(int request, int pid, nint addr, nint data) =>
        ptrace(request, pid, addr, data) == -1 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint ptrace(nint request, int pid, nint addr, nint data);
}
