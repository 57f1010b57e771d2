using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>The beginning of siginfo_t, as far as a fault of the processor fills it in (sigaction(2)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalInfo
{
    [FieldOffset(0)]
    public int signo;

    /// <summary>Above 0 when the kernel itself sent it.</summary>
    [FieldOffset(8)]
    public int code;

    /// <summary>The instruction that faulted.</summary>
    [FieldOffset(16)]
    public ulong addr;
}
