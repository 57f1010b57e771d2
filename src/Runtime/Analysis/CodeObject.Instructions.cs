using Iced.Intel;

namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
    private CodeFunction[] _makers = [];

    /// <summary>Asks the kernel for memory that is executable and holds no file.</summary>
    internal bool MakesCode => _makers.Length > 0;

    /// <summary>
    /// Whether what makes code may know the processor. In a static program the C library asks too, so that there it is what does both.
    /// </summary>
    internal bool MakesCodeKnowing => Image.Dynamic.Count == 0 ? _makers.All(_dispatchers.Contains) : CanDispatch;

    private void Decode()
    {
        var window = new CodeWindow(Image.Content);
        foreach (var function in _functions)
        {
            Begin(window, function);
            if (window.Decoder.IP < function.End)
            {
                CodeBytes += (long)function.Length;
                Decode(window.Decoder, function);
            }

            if (!function.IsGap || !function.HasInvalid)
            {
                Features |= function.Features;
            }
        }

        _makers = [.. _functions.Where(MayMakeCode)];
    }

    /// <summary>The loop that takes the time: one look-up an instruction, and the rest only for those that leave the function or touch memory.</summary>
    private void Decode(Decoder decoder, CodeFunction function)
    {
        ulong[] features = InstructionTable.Features;
        bool[] vex = InstructionTable.IsVex, legacy = InstructionTable.IsLegacyVector, approximate = InstructionTable.IsApproximate;
        ulong end = function.End;
        while (decoder.IP < end)
        {
            decoder.Decode(out var instruction);
            int code = (int)instruction.Code;
            if (code == (int)Code.INVALID)
            {
                function.HasInvalid = true;
                if (decoder.IP <= instruction.IP)
                {
                    return;
                }

                continue;
            }

            ulong more = features[code] & ~function.Features;
            if (more != 0)
            {
                (function.FirstUses ??= []).Add((more, instruction.IP));
                function.Features |= more;
            }

            function.HasVex |= vex[code];
            function.HasLegacyVectors |= legacy[code];
            ApproximateCount += approximate[code] ? 1 : 0;
            NoteReferences(function, instruction);
        }
    }

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

        function.AsksCpuid |= instruction.Code == Code.Cpuid;
    }

    private void NoteMemory(CodeFunction function, in Instruction instruction, ulong address)
    {
        if (instruction.Mnemonic == Mnemonic.Lea)
        {
            NotePointer(function, address);
            return;
        }

        if (instruction.Mnemonic == Mnemonic.Mov && DataBehind(address) is { } data)
        {
            NotePointer(function, data);
            return;
        }

        if (instruction.Op0Kind == OpKind.Memory && IsWrite(instruction.Mnemonic))
        {
            (function.Writes ??= []).Add(address);
        }

        (function.Reads ??= []).Add(address);
        if (instruction.FlowControl == FlowControl.IndirectBranch && function.Length <= StubBytes && _imports.TryGetValue(address, out string? name))
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
            NotePointer(function, value);
        }
    }

    private void NotePointer(CodeFunction function, ulong address)
    {
        if (Image.IsCode(address))
        {
            (function.CodePointers ??= []).Add(address);
            return;
        }

        (function.Reads ??= []).Add(address);
        (function.DataPointers ??= []).Add(address);
    }

    /// <summary>Also of the part of a segment that the file does not fill.</summary>
    private bool IsDataAddress(ulong address) =>
        address >= 0x400000 && address < 0x8000_0000 && Image.Segments.Any(segment =>
            segment.IsLoaded && !segment.IsCode && address >= segment.Address && address - segment.Address < segment.FileSize + (1 << 24));

    internal static bool IsAbsoluteMemory(in Instruction instruction)
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

    internal static ulong? ImmediateAddress(in Instruction instruction) => instruction.Code switch
    {
        Code.Mov_r32_imm32 => instruction.Immediate32,
        Code.Mov_r64_imm64 => instruction.Immediate64,
        Code.Mov_rm64_imm32 or Code.Pushq_imm32 => (ulong)instruction.Immediate32to64,
        _ => null,
    };

    /// <summary>Through the linkage table; in a static program by what the function is called, or by its call of the kernel.</summary>
    private bool MapsMemory(ulong target) =>
        Find(target) is { } called && (called.Import is "mmap" or "mmap64" or "mprotect" || (Image.Dynamic.Count == 0 && IsMapping(called)));

    /// <summary>syscall(2) has its number in EAX: 9 is mmap. The C library's own mprotect, which makes stacks executable, does not count.</summary>
    private bool IsMapping(CodeFunction function)
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
            if (instruction.Code == Code.Mov_r32_imm32 && instruction.Op0Register == Register.EAX)
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

    private static bool IsWrite(Mnemonic mnemonic) =>
        mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Push or Mnemonic.Call or Mnemonic.Jmp or Mnemonic.Bt);

    /// <summary>
    /// Calls mmap or mprotect with a number for the protection that has PROT_EXEC (mman.h: 4) in the third argument, edx.
    /// </summary>
    private bool MayMakeCode(CodeFunction function)
    {
        if (function.Calls is null || !function.Calls.Exists(MapsMemory))
        {
            return false;
        }

        const int Forgotten = 12;
        var window = new CodeWindow(Image.Content);
        int sinceExecutable = Forgotten;
        for (Begin(window, function); window.Decoder.IP < function.End; sinceExecutable++)
        {
            window.Decoder.Decode(out var instruction);
            if (instruction.Code == Code.Mov_r32_imm32 && instruction.Op0Register == Register.EDX)
            {
                sinceExecutable = instruction.Immediate32 is <= 7 and var protection && (protection & 4) != 0 ? 0 : Forgotten;
            }
            else if (instruction.FlowControl == FlowControl.Call && sinceExecutable < Forgotten
                && MapsMemory(instruction.NearBranchTarget))
            {
                return true;
            }
        }

        return false;
    }
}
