using System.Runtime.InteropServices;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>The calls at which a job waits for its tracer.</summary>
internal static class TracedCalls
{
    private const string Code = "memory becomes executable, in which CPUID may stand";

    /// <summary>Of an observer's filter too, which is the only one that can tell of calls.</summary>
    public static SeccompRule Debuggers { get; } = new(Syscall.Ptrace, "a debugger of the job's own takes our place")
    {
        Notifies = true,
        Argument = 0,
        Values = [Ptrace.PTRACE_TRACEME, Ptrace.PTRACE_ATTACH, Ptrace.PTRACE_SEIZE],
    };

    /// <summary>Tells of debuggers.</summary>
    public static SeccompFilter DebuggerFilter() => SeccompFilter.Build(RuntimeInformation.ProcessArchitecture, [Debuggers]);

    /// <summary>Stops a job whose CPUID is answered.</summary>
    public static SeccompFilter CodeFilter() => SeccompFilter.Build(
        RuntimeInformation.ProcessArchitecture, [ToExecutable(Syscall.Mmap), ToExecutable(Syscall.Mprotect), ToExecutable(Syscall.PkeyMprotect)]);

    /// <param name="architecture">As struct seccomp_data has it.</param>
    public static bool IsDebugger(uint architecture, int number) =>
        number == (architecture == SeccompFilter.AUDIT_ARCH_I386 ? Syscall.Ptrace.I386
            : architecture == SeccompFilter.AUDIT_ARCH_X86_64 ? Syscall.Ptrace.X64 : Syscall.Ptrace.Arm64);

    /// <summary>The third argument of each says what the memory is for.</summary>
    private static SeccompRule ToExecutable(Syscall call) =>
        new(call, Code) { Traces = true, Argument = 2, Values = [Libc.PROT_EXEC], AnyBit = true };
}
