using System.Runtime.InteropServices;
using Iced.Intel;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>arm64: instructions of 32 bits, addresses of two of them, and a kernel that is asked for what the processor can do.</summary>
/// <remarks>
/// A program asks by getauxval(AT_HWCAP), by reading an ID register, which the kernel emulates (Documentation/arch/arm64/cpu-feature-registers.rst),
/// or by trying an instruction with a handler for SIGILL in place. Nothing is approximate: DDI 0487 defines FRECPE and FRSQRTE to the bit.
/// </remarks>
internal sealed partial class Arm64Instructions(CodeObject code) : InstructionSet(code)
{
    private const int WordBytes = 4;
    private const uint BranchTarget = 0xd503245f;
    private const ulong AllOfSve = Arm64Features.Sve | Arm64Features.Sve2 | Arm64Features.Sve2p1;
    private const ulong LargeFunction = 32_768;

    private readonly Arm64Values _values = new(code);
    private ElfSegment[]? _writable;

    /// <summary>Source: ELF for the Arm 64-bit Architecture (AAELF64), "Relocation types": ABS64, GLOB_DAT, JUMP_SLOT, RELATIVE, IRELATIVE.</summary>
    internal override RelocationTypes Relocations { get; } = new(257, 1025, 1026, 1027, 1032);

    /// <summary>BTI, ADRP, LDR, ADD, AUTIA1716, BR.</summary>
    internal override ulong LongestStub => 24;

    internal override ulong AnswerBytes => 0x20;

    /// <summary>The flag of outline atomics is one byte, right behind the program's own data.</summary>
    internal override ulong AnswerGrain => 4;

    internal override bool ReadsThroughTable => true;

    internal override bool SearchesAll => true;

    internal override string[] NamesOf(ulong features) => Arm64Features.NamesOf(features);

    /// <summary>Each begins with ADRP X16, or with BTI before it; the table's head saves two registers first, and is none.</summary>
    internal override IEnumerable<ulong> Stubs(string section, ulong address, ulong size)
    {
        const uint Page16Mask = 0x9f00001f, Page16 = 0x90000010;
        ulong end = address + Math.Min(size, (ulong)Image.Content.Length);
        for (ulong at = address; at + WordBytes <= end; at += WordBytes)
        {
            if ((WordAt(at) & Page16Mask) == Page16)
            {
                yield return at > address && WordAt(at - WordBytes) == BranchTarget ? at - WordBytes : at;
            }
        }
    }

    /// <summary>What is called is plain to see, so that whatever has no record of its own is told apart.</summary>
    internal override bool IsToSplit(CodeFunction function) => function.IsGap || function.Length > LargeFunction;

    internal override void StartsIn(CodeFunction function, ISet<ulong> starts)
    {
        ulong at = function.Start;
        foreach (uint word in Words(function))
        {
            if ((word & 0x7c000000) == 0x14000000)
            {
                var (flow, target) = Arm64Branch.Read(word, at);
                if (flow == FlowControl.Call || target < function.Start || target >= function.End)
                {
                    starts.Add(target);
                }
            }

            at += WordBytes;
        }
    }

    internal override int Scan(CodeFunction function)
    {
        _values.Clear();
        ulong at = function.Start;
        foreach (uint word in Words(function))
        {
            if (Arm64Decoder.Find(word) is { } encoding)
            {
                NoteEncoding(function, encoding, at);
            }

            if (Arm64Branch.IsOfGroup(word))
            {
                NoteBranch(function, word, at);
            }
            else
            {
                _values.Apply(word, at);
                NoteReferences(function, word);
            }

            at += WordBytes;
        }

        KeepStreaming(function);
        ForgetLengths(function);
        return 0;
    }

    internal override IEnumerable<CodeStep> Steps(CodeFunction function)
    {
        var values = new Arm64Values(Code);
        long offset = OffsetOf(function);
        for (ulong at = 0; offset >= 0 && at + WordBytes <= function.Length; at += WordBytes)
        {
            yield return Step(function, values, Image.U32(offset + (long)at), function.Start + at);
        }
    }

    internal override string Text(ulong address) => Arm64Decoder.Text(WordAt(address));

    private CodeStep Step(CodeFunction function, Arm64Values values, uint word, ulong at)
    {
        ulong features = Arm64Decoder.Find(word)?.Features & function.Features ?? 0;
        if (!Arm64Branch.IsOfGroup(word))
        {
            values.Apply(word, at);
            return new(at, FlowControl.Next, 0, features, false, values.Memory != 0 ? values.Memory : values.Pointer);
        }

        var (flow, target) = Arm64Branch.Read(word, at);
        bool asks = IsIdRegister(word) || (flow == FlowControl.Call && Asks(function, values, target));
        AfterBranch(values, flow, word);
        return new(at, flow, target, features, asks, 0);
    }

    private static void AfterBranch(Arm64Values values, FlowControl flow, uint word)
    {
        if (flow is FlowControl.Call or FlowControl.IndirectCall)
        {
            values.Call();
        }
        else if (flow == FlowControl.Next)
        {
            values.Apply(word, 0);
        }
    }

    private static void NoteEncoding(CodeFunction function, Arm64Encoding encoding, ulong at)
    {
        if (encoding.IsInvalid)
        {
            function.HasInvalid = true;
            return;
        }

        ulong more = encoding.Features & ~function.Features & ~Arm64Features.AskedFor;
        if (more != 0)
        {
            (function.FirstUses ??= []).Add((more, at));
            function.Features |= more;
        }

        function.HasVex |= (encoding.Features & AllOfSve) != 0 && !encoding.IsVectorLength;
    }

    private void NoteBranch(CodeFunction function, uint word, ulong at)
    {
        var (flow, target) = Arm64Branch.Read(word, at);
        if (target != 0 && (target < function.Start || target >= function.End))
        {
            (function.Calls ??= []).Add(target);
        }

        function.AsksCpuid |= IsIdRegister(word);
        AfterBranch(_values, flow, word);
    }

    private void NoteReferences(CodeFunction function, uint word)
    {
        if (_values.Memory is var memory and not 0)
        {
            (function.Reads ??= []).Add(memory);
            if (_values.IsWrite)
            {
                (function.Writes ??= []).Add(memory);
            }

            // The stub of an import: LDR X17, then BR X17.
            if (function.Length <= LongestStub && (word & 31) == 17 && Code.Imports.TryGetValue(memory, out string? name))
            {
                function.Import = name;
            }
        }

        if (_values.Pointer is var pointer and not 0)
        {
            NotePointer(function, pointer);
        }

        // LDXR, STXR and their kin; Advanced SIMD on vectors.
        function.HasExclusives |= (word & 0x3f800000) == 0x08000000;
        function.HasLegacyVectors |= (word & 0x1e000000) == 0x0e000000;
    }

    /// <summary>
    /// A function that asks how long vectors are and computes on none is no user of SVE: the unwinder of libgcc, in every C++ program, has
    /// CNTD for frames that only code with SVE makes. Source: gcc, libgcc/config/aarch64/aarch64-unwind.h.
    /// </summary>
    private static void ForgetLengths(CodeFunction function)
    {
        if (!function.HasVex && (function.Features & AllOfSve) != 0)
        {
            Drop(function, AllOfSve);
        }
    }

    private static void Drop(CodeFunction function, ulong features)
    {
        function.Features &= ~features;
        function.FirstUses = [.. function.FirstUses!.Select(use => (use.Features & ~features, use.Address)).Where(use => use.Item1 != 0)];
    }

    /// <summary>Constants are no answers: only memory that can be written holds them.</summary>
    private void NotePointer(CodeFunction function, ulong address)
    {
        if (Image.IsCode(address) || IsWritable(address))
        {
            Code.NotePointer(function, address);
            return;
        }

        (function.Reads ??= []).Add(address);
    }

    /// <summary>In a function that enters streaming mode, what SVE has is SME's, which may be there without SVE (DDI 0487, B1.4.6).</summary>
    private static void KeepStreaming(CodeFunction function)
    {
        const ulong OfSme = Arm64Features.Sme | Arm64Features.Sme2;
        if ((function.Features & OfSme) != 0 && (function.Features & AllOfSve) != 0)
        {
            Drop(function, AllOfSve);
        }
    }

    private bool IsWritable(ulong address)
    {
        foreach (var segment in _writable ??= [.. Image.Segments.Where(segment => segment.IsWritable)])
        {
            if (address - segment.Address < segment.MemorySize)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>MRS of an identification register: op0 3, op1 0, CRn 0.</summary>
    private static bool IsIdRegister(uint word) => (word & 0xfffff000) == 0xd5380000;

    private uint WordAt(ulong address) => Image.U32(Image.OffsetOf(address));

    private ReadOnlySpan<uint> Words(CodeFunction function)
    {
        long offset = OffsetOf(function);
        var bytes = offset < 0 ? default : Image.Content.AsSpan((int)offset, (int)(function.Length & ~3UL));
        return MemoryMarshal.Cast<byte, uint>(bytes);
    }
}
