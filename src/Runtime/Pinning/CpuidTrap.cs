using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Answers the CPUID instructions of a job in the place of the processor.</summary>
/// <remarks>
/// Every CPUID instruction (0F A2) in a mapping of a file that is executed gets a breakpoint (CC A2) before the code can run: when a
/// program begins, and when a mapping is made executable later. At the breakpoint the four registers are set and the instruction is
/// passed over. Where the processor itself can fault on CPUID, that is asked for instead, as a program begins, and no code is changed.
/// All of it happens on the tracer's thread.
/// </remarks>
/// <param name="cpu">Answers.</param>
/// <param name="fault">Null for breakpoints.</param>
internal sealed class CpuidTrap(PinnedCpu cpu, CpuidFault? fault)
{
    private const byte Breakpoint = 0xcc, CpuidFirst = 0x0f, CpuidSecond = 0xa2;
    private const ulong CloneVm = 0x100, WordBytes = 8, UserCodeSegment64 = 0x33;
    private const int LinuxClone = 56, LinuxFork = 57, LinuxClone3 = 435;

    /// <summary>The breakpoints of one memory, which threads and vfork(2)'s children share.</summary>
    private readonly Dictionary<int, HashSet<ulong>> _memories = [];

    /// <summary>Programs that have begun, at the end of their execve(2) or while they ask for the fault.</summary>
    private readonly Dictionary<int, InjectedCall?> _beginning = [];
    private readonly Dictionary<string, CpuidSites> _sites = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gaps = new(StringComparer.Ordinal);

    /// <summary>How many times CPUID was answered.</summary>
    public long Answered { get; private set; }

    /// <summary>How many instructions got a breakpoint, in all processes; where the processor faults, how many programs have it so.</summary>
    public long Planted { get; private set; }

    /// <summary>What could not be pinned, one sentence each.</summary>
    public IReadOnlyList<string> Gaps => [.. _gaps.Order(StringComparer.Ordinal)];

    public bool Knows(int thread) => _memories.ContainsKey(thread);

    public void Begin(int thread) => _memories[thread] = [];

    public void Forget(int thread)
    {
        _memories.Remove(thread);
        _beginning.Remove(thread);
    }

    /// <summary>A thread has made another, which has its memory or a copy of it.</summary>
    public void Born(int parent, int child)
    {
        var memory = _memories.GetValueOrDefault(parent) ?? [];
        _memories[child] = SharesMemory(parent) ? memory : [.. memory];
    }

    /// <summary>A program has been loaded in place of another.</summary>
    /// <returns>Whether the thread has to stop at the end of the call.</returns>
    public bool Began(int thread)
    {
        Begin(thread);
        if (fault is null)
        {
            Plant(thread);
            return false;
        }
        if (Ptrace.TryGetRegisters(thread, out var registers) && registers.cs != UserCodeSegment64)
        {
            _gaps.Add($"'{TaskFacts.ProgramOf(thread)}', a 32-bit program, asks the processor itself");
            return false;
        }
        _beginning[thread] = null;
        return true;
    }

    /// <summary>A call has ended, by which a program began or memory may have become executable.</summary>
    public void Ended(int thread)
    {
        if (!_beginning.ContainsKey(thread))
            Plant(thread);
        else if (InjectedCall.TryBegin(thread, fault!) is { } call)
            _beginning[thread] = call;
        else
            EndBeginning(thread, "its code cannot be changed");
    }

    /// <summary>The thread stands at CPUID, or what stands for it, and has faulted.</summary>
    public bool TryAnswerFault(int thread)
    {
        if (fault is null || !Ptrace.TryGetSignal(thread, out var signal) || signal.code != Processes.SI_KERNEL
            || !Ptrace.TryGetRegisters(thread, out var registers))
            return false;
        Span<byte> bytes = stackalloc byte[fault.Instruction.Length];
        if (!TaskMemory.TryRead(thread, registers.rip, bytes) || !bytes.SequenceEqual(fault.Instruction.Span))
            return false;
        Answer(thread, registers, bytes.Length);
        return true;
    }

    /// <summary>Answers, if the thread stands at one of ours.</summary>
    public bool TryAnswer(int thread)
    {
        if (_beginning.GetValueOrDefault(thread) is { } call && call.TryEnd(thread, out long result))
        {
            EndBeginning(thread, result == 0 ? null : $"{(Errno)(-result)}");
            return true;
        }
        if (!Ptrace.TryGetRegisters(thread, out var registers)
            || _memories.GetValueOrDefault(thread)?.Contains(registers.rip - 1) != true)
            return false;
        // Behind the breakpoint is the second byte of the instruction.
        Answer(thread, registers, 1);
        return true;
    }

    private void EndBeginning(int thread, string? problem)
    {
        _beginning.Remove(thread);
        if (problem is null)
        {
            Planted++;
            return;
        }
        _gaps.Add($"'{TaskFacts.ProgramOf(thread)}' could not be made to stop at CPUID ({problem}): libraries that it loads later ask the processor itself");
        Plant(thread);
    }

    private void Answer(int thread, UserRegisters registers, int passedOver)
    {
        var answer = cpu.Answer((uint)registers.rax, (uint)registers.rcx);
        (registers.rax, registers.rbx, registers.rcx, registers.rdx) = (answer.Eax, answer.Ebx, answer.Ecx, answer.Edx);
        registers.rip += (ulong)passedOver;
        Ptrace.SetRegisters(thread, registers);
        Answered++;
    }

    /// <summary>Puts back what the program itself has at an address, in a copy of its code.</summary>
    public void Restore(int thread, ulong address, Span<byte> code)
    {
        var memory = _memories.GetValueOrDefault(thread);
        for (int i = 0; memory is not null && i < code.Length; i++)
        {
            if (code[i] == Breakpoint && memory.Contains(address + (ulong)i))
                code[i] = CpuidFirst;
        }
    }

    /// <summary>clone(2): the flags say whether the memory is shared; at the event the registers are still those of the call.</summary>
    private static bool SharesMemory(int parent)
    {
        if (!Ptrace.TryGetRegisters(parent, out var registers))
            return true;
        switch ((int)registers.orig_rax)
        {
            case LinuxFork when registers.cs == UserCodeSegment64:
                return false;
            case LinuxClone when registers.cs == UserCodeSegment64:
                return (registers.rdi & CloneVm) != 0;
            case LinuxClone3 when registers.cs == UserCodeSegment64:
                Span<byte> flags = stackalloc byte[sizeof(ulong)];
                return !TaskMemory.TryRead(parent, registers.rdi, flags) || (BitConverter.ToUInt64(flags) & CloneVm) != 0;
            default:
                // vfork(2). Too many breakpoints known of do no harm: each is looked for by its bytes as well.
                return true;
        }
    }

    private void Plant(int thread)
    {
        if (!_memories.TryGetValue(thread, out var memory))
            _memories[thread] = memory = [];
        foreach (var mapping in TaskFacts.CodeOf(thread))
        {
            if (mapping.Path is null)
            {
                NoteGenerated(thread, mapping);
                continue;
            }
            foreach (ulong offset in SitesOf(thread, mapping).Offsets)
            {
                if (offset >= mapping.Offset && offset - mapping.Offset < mapping.End - mapping.Start)
                    Plant(thread, mapping, mapping.Start + (offset - mapping.Offset), memory);
            }
        }
    }

    private void Plant(int thread, CodeMapping mapping, ulong address, HashSet<ulong> memory)
    {
        ulong word = address & ~(WordBytes - 1);
        int at = (int)(address - word);
        Span<byte> bytes = stackalloc byte[(int)WordBytes];
        Span<byte> second = stackalloc byte[1];
        if (!TaskMemory.TryRead(thread, word, bytes) || !TaskMemory.TryRead(thread, address + 1, second))
        {
            _gaps.Add($"'{mapping.Path}' cannot be read in memory");
            return;
        }
        if (bytes[at] == Breakpoint && memory.Contains(address))
            return;
        if (bytes[at] != CpuidFirst || second[0] != CpuidSecond)
            return;
        bytes[at] = Breakpoint;
        if (!Ptrace.TryWrite(thread, word, BitConverter.ToUInt64(bytes)))
        {
            _gaps.Add($"'{mapping.Path}' cannot be changed in memory");
            return;
        }
        memory.Add(address);
        Planted++;
    }

    private CpuidSites SitesOf(int thread, CodeMapping mapping)
    {
        string key = $"{mapping.Identity} {mapping.Path}";
        if (_sites.TryGetValue(key, out var known))
            return known;
        var sites = CodeFiles.With(thread, mapping, CpuidSites.Find);
        if (sites is null)
            _gaps.Add($"'{mapping.Path}' is no 64-bit program or library that could be looked through");
        else if (sites.Unproved > 0)
            _gaps.Add($"'{mapping.Path}' has {sites.Unproved} places outside its known functions that may ask the processor");
        return _sites[key] = sites ?? CpuidSites.None;
    }

    /// <summary>The kernel's own pages have names in brackets, and no CPUID.</summary>
    private void NoteGenerated(int thread, CodeMapping mapping)
    {
        if (mapping.IsAnonymous)
            _gaps.Add($"code that '{TaskFacts.ProgramOf(thread)}' generates as it runs asks the processor itself");
    }
}
