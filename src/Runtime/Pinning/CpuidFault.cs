using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>The processor's own means to have CPUID stop a program: a call by which a thread asks for it, and what it then stops at.</summary>
/// <remarks>
/// arch_prctl(2), ARCH_SET_CPUID: the setting goes to new threads and processes, and ends with execve(2), so that a program is made to
/// ask for it before its first instruction. CPUID then faults: SIGSEGV of code SI_KERNEL.
/// </remarks>
/// <param name="Call">Number of the system call.</param>
/// <param name="First">Its first argument.</param>
/// <param name="Second">Its second one.</param>
/// <param name="Instruction">The bytes that fault.</param>
internal sealed record CpuidFault(ulong Call, ulong First, ulong Second, ReadOnlyMemory<byte> Instruction)
{
    private const int ArchPrctl = 158, SetCpuid = 0x1012;

    private static readonly Lazy<CpuidFault?> Tried = new(Try);

    /// <summary>Null where processor or kernel have it not, as most virtual machines.</summary>
    public static CpuidFault? Here => Tried.Value;

    private static CpuidFault? Try()
    {
        if (!JobTracer.IsSupported || Libc.syscall(ArchPrctl, SetCpuid, 0, 0, 0, 0, 0) != 0)
            return null;
        // Of this thread alone, which goes on without.
        _ = Libc.syscall(ArchPrctl, SetCpuid, 1, 0, 0, 0, 0);
        return new CpuidFault(ArchPrctl, SetCpuid, 0, new byte[] { 0x0f, 0xa2 });
    }
}
