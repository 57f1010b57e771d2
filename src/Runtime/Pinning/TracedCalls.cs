using System.Runtime.InteropServices;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>The calls at which a job stops for its tracer.</summary>
internal static class TracedCalls
{
    private const string Debuggers = "a debugger of the job's own takes our place";
    private const string Code = "memory becomes executable, in which CPUID may stand";

    /// <param name="pinned">Whether CPUID is answered: then nobody else can trace the job.</param>
    public static SeccompFilter Filter(bool pinned) => SeccompFilter.Build(
        RuntimeInformation.ProcessArchitecture,
        pinned
            ? [ToExecutable(Syscall.Mmap), ToExecutable(Syscall.Mprotect), ToExecutable(Syscall.PkeyMprotect)]
            : [new SeccompRule(Syscall.Ptrace, Debuggers) { Traces = true }]);

    /// <summary>The third argument of each says what the memory is for.</summary>
    private static SeccompRule ToExecutable(Syscall call) =>
        new(call, Code) { Traces = true, Argument = 2, Values = [Libc.PROT_EXEC], AnyBit = true };
}
