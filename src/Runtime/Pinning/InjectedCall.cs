using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>A system call that a stopped thread is made to do before it goes on where it was.</summary>
/// <param name="Registers">As they were.</param>
/// <param name="Word">The eight bytes of code that were there.</param>
internal readonly record struct InjectedCall(UserRegisters Registers, ulong Word)
{
    // syscall; int3
    private const ulong Code = 0xcc050f, CodeMask = 0xffffff, NoCall = ulong.MaxValue;
    private const int WordBytes = 8, BytesRun = 3;

    /// <summary>Begins it, for a thread that stands at the end of a call: at the beginning the kernel would write over its result.</summary>
    /// <returns>Null when it cannot be.</returns>
    public static InjectedCall? TryBegin(int thread, CpuidFault fault)
    {
        Span<byte> bytes = stackalloc byte[WordBytes];
        if (!Ptrace.TryGetRegisters(thread, out var before) || !TaskMemory.TryRead(thread, before.rip, bytes))
            return null;
        ulong word = BitConverter.ToUInt64(bytes);
        if (!Ptrace.TryWrite(thread, before.rip, (word & ~CodeMask) | Code))
            return null;
        var registers = before;
        (registers.rax, registers.orig_rax, registers.rdi, registers.rsi) = (fault.Call, NoCall, fault.First, fault.Second);
        Ptrace.SetRegisters(thread, registers);
        return new InjectedCall(before, word);
    }

    /// <summary>Puts all back as it was.</summary>
    /// <param name="result">Zero, or a negative errno.</param>
    /// <returns>False when the thread does not stand behind the call.</returns>
    public bool TryEnd(int thread, out long result)
    {
        result = 0;
        if (!Ptrace.TryGetRegisters(thread, out var after) || after.rip != Registers.rip + BytesRun)
            return false;
        result = (long)after.rax;
        _ = Ptrace.TryWrite(thread, Registers.rip, Word);
        Ptrace.SetRegisters(thread, Registers);
        return true;
    }
}
