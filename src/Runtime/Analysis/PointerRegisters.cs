using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>Which registers hold an address that stands in the code, along a function in order of address.</summary>
internal sealed class PointerRegisters(X86Instructions set)
{
    private readonly Dictionary<Register, ulong> _held = [];

    /// <summary>Of an instruction's operand in memory; null where it is not known.</summary>
    internal ulong? Address(in Instruction instruction)
    {
        if (set.MemoryAddress(instruction) is { } address)
        {
            return address;
        }

        return instruction.MemoryIndex == Register.None && instruction.SegmentPrefix == Register.None
            && _held.TryGetValue(instruction.MemoryBase.GetFullRegister(), out ulong held)
            ? unchecked(held + instruction.MemoryDisplacement64)
            : null;
    }

    internal void Follow(in Instruction instruction)
    {
        if (instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall)
        {
            LoseScratch();
            return;
        }

        if (instruction.OpCount == 0 || instruction.Op0Kind != OpKind.Register || instruction.FlowControl != FlowControl.Next
            || instruction.Mnemonic is Mnemonic.Push or Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Bt)
        {
            return;
        }

        var register = instruction.Op0Register.GetFullRegister();
        ulong? value = instruction.Mnemonic == Mnemonic.Lea && instruction.IsIPRelativeMemoryOperand
            ? instruction.IPRelativeMemoryAddress
            : instruction.Mnemonic == Mnemonic.Mov && instruction.IsIPRelativeMemoryOperand
            ? set.DataBehind(instruction.IPRelativeMemoryAddress)
            : set.FixedAddress(instruction);
        _held.Remove(register);
        if (value is { } address)
        {
            _held.Add(register, address);
        }
    }

    /// <summary>What a call may change. Source: x86-64 psABI, section 3.2.1.</summary>
    private void LoseScratch()
    {
        foreach (var register in (Register[])[
            Register.RAX, Register.RCX, Register.RDX, Register.RSI, Register.RDI, Register.R8, Register.R9, Register.R10, Register.R11])
        {
            _held.Remove(register);
        }
    }
}
