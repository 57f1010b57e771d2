using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Says at which instruction a process was when the processor refused to go on, and what that instruction needs.</summary>
/// <remarks>Programs may catch SIGILL, some in order to learn what the processor can: only those that end by it are told of.</remarks>
/// <param name="trap">What answers CPUID; null where the processor does.</param>
/// <param name="isEmulated">All programs are qemu's.</param>
internal sealed class SigillExplainer(CpuidTrap? trap, bool isEmulated)
{
    private readonly Dictionary<int, Seen> _seen = [];

    /// <summary>The job's first process: its end counts more than any other's.</summary>
    public int Job { get; set; }

    /// <summary>Null when nothing of the job ended so.</summary>
    public IllegalInstruction? Illegal { get; private set; }

    /// <summary>Whether a process ended by a SIGILL that somebody had sent.</summary>
    public bool WasSent { get; private set; }

    /// <summary>A thread stands at SIGILL, which has not been delivered yet.</summary>
    /// <returns>False when its process was looked at before, and has caught it.</returns>
    public bool Look(int thread)
    {
        if (!Ptrace.TryGetSignal(thread, out var signal) || TaskFacts.ProcessOf(thread) is not { } process)
            return true;
        var before = _seen.Where(seen => seen.Value.Process == process).Select(seen => seen.Key).ToList();
        before.ForEach(other => _seen.Remove(other));
        // Codes of 0 and below: another process sent it.
        _seen[thread] = new Seen(process, isEmulated ? DescribeEmulated(thread) : signal.code <= 0 ? null : Describe(thread, signal.addr));
        return before.Count == 0;
    }

    /// <summary>A thread has ended; all those of a process end by what its one thread ended by.</summary>
    public void End(int thread, bool bySigill)
    {
        if (_seen.Remove(thread, out var seen) && bySigill)
            Confirm(seen);
    }

    private void Confirm(Seen seen)
    {
        if (seen.Illegal is not { } illegal)
            WasSent = true;
        else if (Illegal is null || seen.Process == Job)
            Illegal = illegal;
    }

    private IllegalInstruction Describe(int thread, ulong address) =>
        Describe(thread, address, TaskFacts.ProgramOf(thread) ?? "", TaskFacts.CodeOf(thread));

    /// <summary>What may be executed there is qemu's translation, the program itself is only read; and not this processor lacks what it needs.</summary>
    private IllegalInstruction? DescribeEmulated(int thread)
    {
        if (EmulatedFault.FindAddress(thread) is not { } address)
            return null;
        var illegal = Describe(thread, address, TaskFacts.EmulatedProgramOf(thread), TaskFacts.MemoryOf(thread, 'r'));
        return illegal with { Missing = illegal.Needed };
    }

    private IllegalInstruction Describe(int thread, ulong address, string program, IReadOnlyList<CodeMapping> memory)
    {
        byte[] bytes = ReadCode(thread, address);
        var mapping = memory.FirstOrDefault(mapping => address >= mapping.Start && address < mapping.End);
        return FaultingCode.Describe(program, address, bytes, mapping is null ? null : PlaceOf(thread, mapping, address));
    }

    /// <summary>As the program has it, without what we have planted; what lies on a further page may not be there.</summary>
    private byte[] ReadCode(int thread, ulong address)
    {
        byte[] bytes = new byte[FaultingCode.LongestInstruction];
        int toPage = (int)Math.Min(FaultingCode.LongestInstruction, 4096 - (address % 4096));
        int length = TaskMemory.TryRead(thread, address, bytes) ? bytes.Length
            : TaskMemory.TryRead(thread, address, bytes.AsSpan(0, toPage)) ? toPage : 0;
        trap?.Restore(thread, address, bytes.AsSpan(0, length));
        return bytes[..length];
    }

    private static FaultingPlace? PlaceOf(int thread, CodeMapping mapping, ulong address)
    {
        if (mapping.Path is not { } path)
            return null;
        ulong offset = mapping.Offset + (address - mapping.Start);
        return new FaultingPlace(path, offset, CodeFiles.With(thread, mapping, code => FaultingCode.FunctionAt(code, offset)));
    }

    /// <param name="Process">The thread's.</param>
    /// <param name="Illegal">Null when the signal was sent.</param>
    private sealed record Seen(int Process, IllegalInstruction? Illegal);
}
