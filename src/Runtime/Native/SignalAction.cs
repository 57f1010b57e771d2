using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>rt_sigaction(2) as the kernel takes it, which is not libc's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalAction
{
    public nint handler;
    public nuint flags;
    public nint restorer;
    public ulong mask;
}
