using System.Globalization;
using Iced.Intel;
using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>Says at which instruction a process was when the processor refused to go on, and what that instruction needs.</summary>
/// <remarks>Programs may catch SIGILL, some in order to learn what the processor can: only those that end by it are told of.</remarks>
internal sealed class SigillExplainer(CpuidTrap? trap)
{
    /// <summary>The longest instruction of x86 (Intel SDM volume 2, 2.3.11).</summary>
    private const int LongestInstruction = 15;

    private readonly Dictionary<int, IllegalInstruction> _seen = [];

    /// <summary>The job's first process: its end counts more than any other's.</summary>
    public int Job { get; set; }

    /// <summary>Null when nothing of the job ended so.</summary>
    public IllegalInstruction? Illegal { get; private set; }

    /// <summary>A thread stands at SIGILL, which has not been delivered yet.</summary>
    public void Look(int thread)
    {
        // Codes of 0 and below: another process sent it.
        if (!Ptrace.TryGetSignal(thread, out var signal) || signal.code <= 0 || TaskFacts.ProcessOf(thread) is not { } process)
            return;
        _seen[process] = Describe(thread, signal.addr);
    }

    /// <summary>A process has ended by SIGILL.</summary>
    public void Confirm(int process)
    {
        if (_seen.Remove(process, out var illegal) && (Illegal is null || process == Job))
            Illegal = illegal;
    }

    private IllegalInstruction Describe(int thread, ulong address)
    {
        byte[] bytes = ReadCode(thread, address);
        var mapping = TaskFacts.CodeOf(thread).FirstOrDefault(mapping => address >= mapping.Start && address < mapping.End);
        ulong? offset = mapping?.Path is null ? null : mapping.Offset + (address - mapping.Start);
        var decoder = Decoder.Create(64, bytes);
        decoder.IP = address;
        var instruction = decoder.Decode();
        var needed = instruction.IsInvalid ? [] : InstructionFeatures.Of(instruction);
        return new IllegalInstruction
        {
            Program = TaskFacts.ProgramOf(thread) ?? "",
            Address = Hex(address),
            File = mapping?.Path,
            FileOffset = offset is { } at ? Hex(at) : null,
            Function = offset is { } place ? FunctionAt(thread, mapping!, place) : null,
            Bytes = Convert.ToHexStringLower(bytes.AsSpan(0, instruction.IsInvalid ? bytes.Length : instruction.Length)),
            Instruction = instruction.IsInvalid ? null : Text(instruction),
            Needed = needed,
            Missing = needed.Count == 0 ? [] : [.. needed.Except(HostProbe.Read().Cpu.Features)],
        };
    }

    /// <summary>As the program has it, without what we have planted; what lies on a further page may not be there.</summary>
    private byte[] ReadCode(int thread, ulong address)
    {
        byte[] bytes = new byte[LongestInstruction];
        int toPage = (int)Math.Min(LongestInstruction, 4096 - (address % 4096));
        int length = TaskMemory.TryRead(thread, address, bytes) ? bytes.Length
            : TaskMemory.TryRead(thread, address, bytes.AsSpan(0, toPage)) ? toPage : 0;
        trap?.Restore(thread, address, bytes.AsSpan(0, length));
        return bytes[..length];
    }

    private static string? FunctionAt(int thread, CodeMapping mapping, ulong offset) => CodeFiles.With(thread, mapping, code =>
        code.AddressOf(offset) is not { } address || code.FindFunction(address) is not { } function ? null
            : function.Name is { Length: > 0 } name ? name : $"function at {Hex(function.Start)}");

    private static string Text(in Instruction instruction)
    {
        var output = new StringOutput();
        new IntelFormatter(new FormatterOptions { SpaceAfterOperandSeparator = true, HexPrefix = "0x", HexSuffix = "", UppercaseHex = false })
            .Format(instruction, output);
        return output.ToStringAndReset();
    }

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);
}
