using Iced.Intel;
using Provenance.Runtime.Host;

namespace Provenance.Runtime.Analysis;

/// <summary>Which features the checks of one function ask for, where the bits stand in its code.</summary>
/// <remarks>
/// Goes through the instructions once, in order of address, and knows of each register from which answer its value comes: a word of the
/// compiler's model or a register of CPUID. A branch whose operand comes from elsewhere is none of the processor's.
/// </remarks>
internal sealed class GuardReader
{
    private readonly CodeObject _code;
    private readonly X86Instructions _set;
    private readonly Dictionary<ulong, GuardTest?> _tests = [];
    private readonly Dictionary<Register, Answer> _answers = [];
    private readonly PointerRegisters _pointers;
    private (uint? Eax, uint? Ecx) _asked;
    private Comparison? _compared;

    internal GuardReader(CodeObject code, X86Instructions set, CodeFunction function)
    {
        (_code, _set, _pointers) = (code, set, new(set));
        foreach (var instruction in set.Instructions(function))
        {
            if (instruction.FlowControl != FlowControl.ConditionalBranch)
            {
                Follow(instruction);
                _pointers.Follow(instruction);
            }
            else if (_compared is { } compared)
            {
                _tests[instruction.IP] = TestOf(instruction, compared);
            }
        }
    }

    /// <summary>Of each branch that looks at an answer; null where its question is not understood.</summary>
    internal IReadOnlyDictionary<ulong, GuardTest?> Tests => _tests;

    private static GuardTest? TestOf(in Instruction branch, Comparison compared) => compared switch
    {
        { Features: null } => null,
        { IsCarry: true } => branch.ConditionCode switch
        {
            ConditionCode.b => new(compared.Features.Value, true),
            ConditionCode.ae => new(compared.Features.Value, false),
            _ => null,
        },
        _ => branch.ConditionCode switch
        {
            ConditionCode.e => new(compared.Features.Value, compared.IsEqualWhenThere),
            ConditionCode.ne => new(compared.Features.Value, !compared.IsEqualWhenThere),
            _ => null,
        },
    };

    private void Follow(in Instruction instruction)
    {
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Cpuid:
                AnswerCpuid();
                return;
            case Mnemonic.Mov or Mnemonic.Movzx:
                Move(instruction);
                return;
            case Mnemonic.Test when IsWithItself(instruction):
                _compared = AnswerOf(instruction, 0) is { } whole ? new(whole.Mask is { } mask ? whole.Features(mask) : null, false, false) : null;
                return;
            case Mnemonic.Test:
                _compared = Masked(instruction) is { } tested ? new(tested.Features(tested.Mask), false, false) : null;
                return;
            case Mnemonic.And:
                var masked = Masked(instruction);
                _compared = masked is null ? null : new(masked.Features(masked.Mask), false, false);
                Set(instruction.Op0Register, masked);
                return;
            case Mnemonic.Cmp:
                var whose = AnswerOf(instruction, 0) ?? AnswerOf(instruction, 1);
                _compared = whose is null ? null : new(IsWholeMask(instruction, whose) ? whose.Features(whose.Mask) : null, true, false);
                return;
            case Mnemonic.Bt:
                _compared = AnswerOf(instruction, 0) is { } word
                    ? new(Immediate(instruction) is { } bit and < 64 ? word.Features(1UL << (int)bit) : null, false, true)
                    : null;
                return;
            case Mnemonic.Xor when IsWithItself(instruction):
                Set(instruction.Op0Register, null);
                Asked(instruction.Op0Register, 0);
                _compared = null;
                return;
            default:
                Other(instruction);
                return;
        }
    }

    /// <summary>Other computations: what goes in as an answer comes out as one that we do not understand.</summary>
    private void Other(in Instruction instruction)
    {
        if (instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall)
        {
            bool tells = _set.CallTarget(instruction) is { } target && _code.Find(target) is { } called && _code.TellsOfProcessor(called);
            _answers.Clear();
            Set(Register.EAX, tells ? Answer.Unknown : null);
            _asked = default;
            _compared = null;
            return;
        }

        bool comes = false;
        for (int i = 0; i < instruction.OpCount; i++)
        {
            comes |= AnswerOf(instruction, i) is not null;
        }

        if (instruction.RflagsModified != RflagsBits.None)
        {
            _compared = comes ? new(null, false, false) : null;
        }

        if (instruction.OpCount > 0 && instruction.Op0Kind == OpKind.Register && instruction.FlowControl == FlowControl.Next
            && instruction.Mnemonic != Mnemonic.Push)
        {
            Set(instruction.Op0Register, comes ? Answer.Unknown : null);
        }
    }

    private void AnswerCpuid()
    {
        foreach (var (register, part) in ((Register, CpuidRegister)[])[
            (Register.EAX, CpuidRegister.Eax), (Register.EBX, CpuidRegister.Ebx), (Register.ECX, CpuidRegister.Ecx), (Register.EDX, CpuidRegister.Edx)])
        {
            uint? leaf = _asked.Eax;
            uint subleaf = _asked.Ecx ?? 0;
            Set(register, leaf is { } number ? new Answer(mask => Named(number, subleaf, part, (uint)mask), null) : Answer.Unknown);
        }

        _asked = default;
    }

    private static ulong? Named(uint leaf, uint subleaf, CpuidRegister part, uint mask) =>
        FeatureBits.OfKnown(X86Features.Names(leaf, subleaf, part, mask));

    private void Move(in Instruction instruction)
    {
        if (instruction.Op0Kind != OpKind.Register)
        {
            return;
        }

        var register = instruction.Op0Register;
        var moved = AnswerOf(instruction, 1);
        Set(register, instruction.Mnemonic == Mnemonic.Mov || instruction.Op1Kind == OpKind.Memory ? moved : Answer.OrNull(moved));
        Asked(register, instruction.Op1Kind is OpKind.Immediate32 or OpKind.Immediate32to64 ? (uint)instruction.GetImmediate(1) : null);
    }

    private void Asked(Register register, uint? value)
    {
        switch (register.GetFullRegister32())
        {
            case Register.EAX:
                _asked.Eax = value;
                break;
            case Register.ECX:
                _asked.Ecx = value;
                break;
        }
    }

    /// <summary>An answer of which a mask is looked at.</summary>
    private Answer? Masked(in Instruction instruction)
    {
        var answer = AnswerOf(instruction, 0) ?? AnswerOf(instruction, 1);
        if (answer is null || Immediate(instruction) is not { } mask)
        {
            return Answer.OrNull(answer);
        }

        return answer with { Mask = Shifted(instruction, mask) & (answer.Mask ?? ulong.MaxValue) };
    }

    /// <summary>AH to DH are bits 8 to 15.</summary>
    private static ulong Shifted(in Instruction instruction, ulong mask) =>
        instruction.Op0Kind == OpKind.Register && instruction.Op0Register is Register.AH or Register.BH or Register.CH or Register.DH ? mask << 8 : mask;

    private static bool IsWholeMask(in Instruction instruction, Answer answer) =>
        answer.Mask is { } mask && Immediate(instruction) == mask;

    private static ulong? Immediate(in Instruction instruction) => instruction.Op1Kind switch
    {
        OpKind.Immediate8 or OpKind.Immediate16 or OpKind.Immediate32 or OpKind.Immediate64 => instruction.GetImmediate(1),
        OpKind.Immediate8to16 or OpKind.Immediate8to32 or OpKind.Immediate8to64 or OpKind.Immediate32to64 => instruction.GetImmediate(1) & uint.MaxValue,
        _ => null,
    };

    private static bool IsWithItself(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Register && instruction.Op1Kind == OpKind.Register && instruction.Op0Register == instruction.Op1Register;

    private Answer? AnswerOf(in Instruction instruction, int operand)
    {
        switch (instruction.GetOpKind(operand))
        {
            case OpKind.Register:
                return _answers.GetValueOrDefault(instruction.GetOpRegister(operand).GetFullRegister());
            case OpKind.Memory when _pointers.Address(instruction) is { } address && _code.IsProcessorVariable(address):
                return _set.Model.Read(address, 0) is null ? Answer.Unknown : new Answer(mask => _set.Model.Read(address, mask), null);
            default:
                return null;
        }
    }

    private void Set(Register register, Answer? answer)
    {
        register = register.GetFullRegister();
        if (answer is null)
        {
            _answers.Remove(register);
        }
        else
        {
            _answers[register] = answer;
        }
    }

    /// <param name="Of">The features of a mask; null where they are not known.</param>
    /// <param name="Mask">What of it was kept by AND; null for all.</param>
    private sealed record Answer(Func<ulong, ulong?> Of, ulong? Mask)
    {
        internal static Answer Unknown { get; } = new(_ => null, null);

        internal static Answer? OrNull(Answer? answer) => answer is null ? null : Unknown;

        internal ulong? Features(ulong? mask) => mask is { } bits ? Of(bits) : null;
    }

    /// <summary>What the flags say.</summary>
    /// <param name="Features">Null where the question is not understood.</param>
    /// <param name="IsEqualWhenThere">ZF is set where the features are there.</param>
    /// <param name="IsCarry">It is CF that says so.</param>
    private sealed record Comparison(ulong? Features, bool IsEqualWhenThere, bool IsCarry);
}
