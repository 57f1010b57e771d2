using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>struct seccomp_notif with its struct seccomp_data: a call that is about to be done (linux/seccomp.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SeccompNotice
{
    public ulong id;

    /// <summary>The thread, as the reader of the listener numbers it; 0 when it cannot see it.</summary>
    public int pid;
    public uint flags;
    public int nr;
    public uint arch;
    public ulong instruction_pointer;
    public Arguments args;

    /// <summary>The six arguments, in full width.</summary>
    [InlineArray(SyscallStep.MaxArguments)]
    internal struct Arguments
    {
        private ulong _first;
    }
}
