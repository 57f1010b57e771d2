using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>x86-64.</summary>
internal sealed class X86Instructions(CodeObject code) : InstructionSet(code)
{
    private const ulong StubBytes = 16, ShortStubBytes = 8, LargeFunction = 32_768;

    /// <summary>Source: System V ABI, AMD64 supplement, "Relocation Types".</summary>
    internal override RelocationTypes Relocations { get; } = new(1, 6, 7, 8, 37);

    internal override ulong LongestStub => StubBytes;

    /// <summary>Structures are filled with whole leaves of CPUID.</summary>
    internal override ulong AnswerBytes => 0x200;

    internal override ulong AnswerGrain => 8;

    internal override string[] NamesOf(ulong features) => FeatureBits.NamesOf(features);

    internal override IEnumerable<ulong> Stubs(string section, ulong address, ulong size)
    {
        ulong step = section == ".plt.got" && size % StubBytes != 0 ? ShortStubBytes : StubBytes;
        ulong end = address + Math.Min(size, (ulong)Image.Content.Length);
        for (ulong at = address; at < end; at += step)
        {
            yield return at;
        }
    }

    /// <summary>What is called cannot be told from data without decoding everything twice: only large stretches are worth it.</summary>
    internal override bool IsToSplit(CodeFunction function) => function.Length > LargeFunction;

    internal override void StartsIn(CodeFunction function, ISet<ulong> starts)
    {
        foreach (var instruction in Instructions(function))
        {
            if (instruction.Code == Iced.Intel.Code.Call_rel32_64)
            {
                starts.Add(instruction.NearBranchTarget);
            }
            else if (instruction.Mnemonic == Mnemonic.Lea && instruction.IsIPRelativeMemoryOperand
                && Image.IsCode(instruction.IPRelativeMemoryAddress))
            {
                starts.Add(instruction.IPRelativeMemoryAddress);
            }
        }
    }

    private CodeWindow? _window;

    /// <summary>One look-up an instruction, and the rest only for those that leave the function or touch memory.</summary>
    internal override int Scan(CodeFunction function)
    {
        var window = _window ??= new CodeWindow(Image.Content);
        Begin(window, function);
        var decoder = window.Decoder;
        ulong[] features = InstructionTable.Features;
        bool[] vex = InstructionTable.IsVex, legacy = InstructionTable.IsLegacyVector, isApproximate = InstructionTable.IsApproximate;
        ulong end = function.End;
        int approximate = 0;
        while (decoder.IP < end)
        {
            decoder.Decode(out var instruction);
            int number = (int)instruction.Code;
            if (number == (int)Iced.Intel.Code.INVALID)
            {
                function.HasInvalid = true;
                if (decoder.IP <= instruction.IP)
                {
                    return approximate;
                }

                continue;
            }

            ulong more = features[number] & ~function.Features;
            if (more != 0)
            {
                (function.FirstUses ??= []).Add((more, instruction.IP));
                function.Features |= more;
            }

            function.HasVex |= vex[number];
            function.HasLegacyVectors |= legacy[number];
            approximate += isApproximate[number] ? 1 : 0;
            NoteReferences(function, instruction);
        }

        return approximate;
    }

    internal override IReadOnlyList<CodeFunction> Finish()
    {
        var mappers = Code.Mappers();
        return mappers.Count == 0 ? [] : [.. Code.Functions.Where(function => MayMakeCode(function, mappers))];
    }

    /// <summary>syscall(2) has its number in EAX: 9 is mmap.</summary>
    internal override bool CallsMmap(CodeFunction function)
    {
        const int LongestWrapper = 200;
        const uint Mmap = 9;
        if (function.Length > LongestWrapper)
        {
            return false;
        }

        bool isNamed = false;
        foreach (var instruction in Instructions(function))
        {
            if (instruction.Code == Iced.Intel.Code.Mov_r32_imm32 && instruction.Op0Register == Register.EAX)
            {
                isNamed = instruction.Immediate32 == Mmap;
            }
            else if (instruction.Mnemonic == Mnemonic.Syscall && isNamed)
            {
                return true;
            }
        }

        return false;
    }

    internal override IReadOnlyDictionary<ulong, GuardTest?> GuardTests(CodeFunction function) => new GuardReader(Code, this, function).Tests;

    internal override ulong WithImplied(ulong features) => FeatureBits.WithImplied(features);

    /// <summary>The compiler's own answer.</summary>
    internal ProcessorModel Model => field ??= new(Code, this);

    /// <summary>One function's, in order of address.</summary>
    internal IEnumerable<Instruction> Instructions(CodeFunction function)
    {
        var window = new CodeWindow(Image.Content);
        for (Begin(window, function); window.Decoder.IP < function.End;)
        {
            window.Decoder.Decode(out var instruction);
            yield return instruction;
        }
    }

    /// <summary>Of the operand in memory, where it stands in the instruction.</summary>
    internal ulong? MemoryAddress(in Instruction instruction) =>
        instruction.IsIPRelativeMemoryOperand ? instruction.IPRelativeMemoryAddress
        : Image.IsFixed && IsAbsoluteMemory(instruction) ? instruction.MemoryDisplacement64
        : null;

    /// <summary>An address that an instruction of a program with fixed addresses has as a number.</summary>
    internal ulong? FixedAddress(in Instruction instruction) => Image.IsFixed ? ImmediateAddress(instruction) : null;

    /// <summary>The data whose address an instruction loads from the global offset table.</summary>
    internal ulong? DataBehind(ulong place) => Code.TableValue(place) is { } data && data != 0 && !Image.IsCode(data) ? data : null;

    /// <summary>Where a call or jump leads: named by the instruction, or by a word that the loader fills in with an address of this file.</summary>
    internal ulong? CallTarget(in Instruction instruction)
    {
        if (instruction.Op0Kind == OpKind.NearBranch64)
        {
            return instruction.NearBranchTarget;
        }

        return instruction.FlowControl is FlowControl.IndirectCall or FlowControl.IndirectBranch && instruction.IsIPRelativeMemoryOperand
            && Code.TableValue(instruction.IPRelativeMemoryAddress) is { } target && Image.IsCode(target)
            ? target
            : null;
    }

    internal override IEnumerable<CodeStep> Steps(CodeFunction function)
    {
        var pointers = new PointerRegisters(this);
        foreach (var instruction in Instructions(function))
        {
            ulong? target = instruction.FlowControl == FlowControl.Next ? null : CallTarget(instruction);
            yield return new CodeStep(
                instruction.IP,
                target is null ? instruction.FlowControl : AsDirect(instruction.FlowControl),
                target ?? 0,
                InstructionTable.Features[(int)instruction.Code],
                instruction.Code == Iced.Intel.Code.Cpuid || instruction.Mnemonic == Mnemonic.Xgetbv,
                target is null ? pointers.Address(instruction) ?? FixedAddress(instruction) ?? 0 : 0);
            pointers.Follow(instruction);
        }
    }

    internal override string Text(ulong address)
    {
        const int LongestInstruction = 15;
        long offset = Image.OffsetOf(address);
        var window = new CodeWindow(Image.Content);
        window.Move(offset, Math.Min(LongestInstruction, Image.Content.Length - offset), address);
        window.Decoder.Decode(out var instruction);
        var output = new StringOutput();
        new IntelFormatter().Format(instruction, output);
        return output.ToStringAndReset();
    }

    private static FlowControl AsDirect(FlowControl flow) => flow switch
    {
        FlowControl.IndirectCall => FlowControl.Call,
        FlowControl.IndirectBranch => FlowControl.UnconditionalBranch,
        _ => flow,
    };

    private void NoteReferences(CodeFunction function, in Instruction instruction)
    {
        if (instruction.FlowControl != FlowControl.Next && CallTarget(instruction) is { } target
            && (target < function.Start || target >= function.End))
        {
            (function.Calls ??= []).Add(target);
        }

        if (instruction.IsIPRelativeMemoryOperand)
        {
            NoteMemory(function, instruction, instruction.IPRelativeMemoryAddress);
        }
        else if (Image.IsFixed)
        {
            NoteFixed(function, instruction);
        }

        function.AsksCpuid |= instruction.Code == Iced.Intel.Code.Cpuid;
    }

    private void NoteMemory(CodeFunction function, in Instruction instruction, ulong address)
    {
        if (instruction.Mnemonic == Mnemonic.Lea)
        {
            Code.NotePointer(function, address);
            return;
        }

        if (instruction.Mnemonic == Mnemonic.Mov && DataBehind(address) is { } data)
        {
            Code.NotePointer(function, data);
            return;
        }

        if (instruction.Op0Kind == OpKind.Memory && IsWrite(instruction.Mnemonic))
        {
            (function.Writes ??= []).Add(address);
        }

        (function.Reads ??= []).Add(address);
        if (instruction.FlowControl == FlowControl.IndirectBranch && function.Length <= StubBytes && Code.Imports.TryGetValue(address, out string? name))
        {
            function.Import = name;
        }
    }

    /// <summary>In a program with a fixed address data is named by number.</summary>
    private void NoteFixed(CodeFunction function, in Instruction instruction)
    {
        if (IsAbsoluteMemory(instruction))
        {
            NoteMemory(function, instruction, instruction.MemoryDisplacement64);
        }

        if (ImmediateAddress(instruction) is { } value && (Image.IsCode(value) || IsDataAddress(value)))
        {
            Code.NotePointer(function, value);
        }
    }

    /// <summary>Also of the part of a segment that the file does not fill.</summary>
    private bool IsDataAddress(ulong address) =>
        address >= 0x400000 && address < 0x8000_0000 && Image.Segments.Any(segment =>
            segment.IsLoaded && !segment.IsCode && address >= segment.Address && address - segment.Address < segment.FileSize + (1 << 24));

    private static bool IsAbsoluteMemory(in Instruction instruction)
    {
        if (instruction.MemoryBase != Register.None || instruction.MemoryIndex != Register.None || instruction.SegmentPrefix != Register.None)
        {
            return false;
        }

        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return true;
            }
        }

        return false;
    }

    private static ulong? ImmediateAddress(in Instruction instruction) => instruction.Code switch
    {
        Iced.Intel.Code.Mov_r32_imm32 => instruction.Immediate32,
        Iced.Intel.Code.Mov_r64_imm64 => instruction.Immediate64,
        Iced.Intel.Code.Mov_rm64_imm32 or Iced.Intel.Code.Pushq_imm32 => (ulong)instruction.Immediate32to64,
        _ => null,
    };

    private static bool IsWrite(Mnemonic mnemonic) =>
        mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Push or Mnemonic.Call or Mnemonic.Jmp or Mnemonic.Bt);

    /// <summary>
    /// Calls mmap or mprotect with a number for the protection that has PROT_EXEC (mman.h: 4) in the third argument, edx.
    /// </summary>
    private bool MayMakeCode(CodeFunction function, HashSet<CodeFunction> mappers)
    {
        if (function.Calls is null || !function.Calls.Exists(IsMapper))
        {
            return false;
        }

        const int Forgotten = 12;
        int sinceExecutable = Forgotten;
        foreach (var instruction in Instructions(function))
        {
            if (instruction.Code == Iced.Intel.Code.Mov_r32_imm32 && instruction.Op0Register == Register.EDX)
            {
                sinceExecutable = instruction.Immediate32 is <= 7 and var protection && (protection & 4) != 0 ? 0 : Forgotten;
            }
            else if (instruction.FlowControl == FlowControl.Call && sinceExecutable < Forgotten
                && IsMapper(instruction.NearBranchTarget))
            {
                return true;
            }

            sinceExecutable++;
        }

        return false;

        bool IsMapper(ulong target) => Code.Find(target) is { } called && mappers.Contains(called);
    }

    /// <summary>Puts the decoder at a function's first instruction; at its end, where the file does not hold all of it.</summary>
    private void Begin(CodeWindow window, CodeFunction function)
    {
        long offset = OffsetOf(function);
        window.Move(Math.Max(offset, 0), offset < 0 ? 0 : (long)function.Length, offset < 0 ? function.End : function.Start);
    }
}
