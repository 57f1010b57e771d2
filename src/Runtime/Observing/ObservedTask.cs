using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>One call of one thread that waits for its answer.</summary>
/// <param name="Id">By which the kernel knows the call.</param>
/// <param name="Task">The thread, as this process numbers it.</param>
/// <param name="IsNarrow">Whether the program is a 32-bit one.</param>
internal readonly record struct ObservedTask(ulong Id, int Task, JobProcess Process, bool IsNarrow, SeccompNotice.Arguments Arguments)
{
    public int PointerBytes => IsNarrow ? sizeof(uint) : sizeof(ulong);

    public ulong Pointer(int index) => Arguments[index];

    public int Number(int index) => (int)Arguments[index];
}
